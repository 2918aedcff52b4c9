import { Code, ServingError } from "../../../proto/serving-error.ts";
import type { Histogram } from "../../histogram/histogram.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { Stream } from "../loop/streams.ts";
import { createAnswers } from "./answers.ts";
import { createDepartures } from "./departures.ts";
import { createHearing } from "./hearing.ts";
import { createOutcomes } from "./outcomes.ts";
import { partOf } from "./part-of.ts";
import type { RunPart } from "./run-part.ts";
import { createSeconds } from "./seconds.ts";
import { createWarmUp } from "./warm-up.ts";

/**
 * Counts what becomes of a worker's calls. Of those due before 0, which warm up, only whether they ended OK.
 * All times are ms from the start of counting.
 */
export interface Tally {
  left(call: Stream, bytes: number): void;
  answered(call: Stream, reply: Uint8Array): void;
  failed(call: Stream, error: ServingError): void;
  /** Its deadline passed, so long after it was due, and no stream had been free. */
  missed(dueMs: number, deadlineMs: number): void;
  /** Due when the run was stopped, and never sent. */
  unsent(dueMs: number): void;
  /** How long nothing was answered though something was asked. */
  silentMs(nowMs: number): number;
  /** What was found until now. */
  part(): RunPart;
  /** The little of it that can be told while calls are sent. */
  glance(): Glance;
}

export interface Glance {
  readonly due: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly arms: Readonly<Record<string, number>>;
  /** Since the last glance: of calls that ended OK, and the largest lag. */
  readonly latency: Histogram;
  readonly lagMs: number;
}

const noStream = new ServingError(
  "DEADLINE_EXCEEDED",
  "no stream was free before its deadline: allow more connections, or more streams on each",
);

export function createTally({ workload, schedule, deadlineMs }: RunPlan): Tally {
  const departures = createDepartures(schedule.kind !== "closed");
  const answers = createAnswers(workload);
  const outcomes = createOutcomes();
  const seconds = createSeconds(deadlineMs);
  const hearing = createHearing();
  const warmUp = createWarmUp();

  function failed(call: Stream, error: ServingError): void {
    hearing.ended(call.endedMs, isFromTarget(error));
    if (call.dueMs < 0) warmUp.failed(error);
    else if (outcomes.failed(call, error)) seconds.at(call.dueMs).failed++;
  }

  return {
    left(call, bytes) {
      hearing.asked(call.leftMs);
      if (call.dueMs < 0) warmUp.left();
      else departures.left(call, bytes, seconds.at(call.dueMs));
    },
    answered(call, reply) {
      if (call.dueMs < 0) {
        hearing.ended(call.endedMs, true);
        return warmUp.answered();
      }
      const second = seconds.at(call.dueMs);
      const latencyMs = call.endedMs - call.dueMs;
      try {
        answers.read(reply, latencyMs, second);
      } catch (error) {
        return failed(call, unreadable(error));
      }
      hearing.ended(call.endedMs, true);
      second.ok++;
      second.latency.record(latencyMs);
      outcomes.answered(call, reply.length);
    },
    failed,
    missed(dueMs, afterMs) {
      if (dueMs < 0) return;
      const second = seconds.at(dueMs);
      departures.missed(second);
      second.failed++;
      outcomes.missed(noStream, afterMs);
    },
    unsent(dueMs) {
      if (dueMs >= 0) departures.unsent(seconds.at(dueMs));
    },
    silentMs: (nowMs) => hearing.silentMs(nowMs),
    glance: () => ({ ...departures.glance(), ...outcomes.glance(), arms: answers.arms() }),
    part: () => partOf({ departures, outcomes, answers, seconds, warmUp }),
  };
}

/** Else only our own side ended the call. */
function isFromTarget({ code, isLost }: ServingError): boolean {
  return !isLost && code !== Code.DEADLINE_EXCEEDED && code !== Code.CANCELLED;
}

function unreadable(error: unknown): ServingError {
  const why = error instanceof Error ? error.message : String(error);
  return new ServingError("INTERNAL", `the reply cannot be read: ${why}`);
}
