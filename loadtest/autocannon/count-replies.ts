import { ServingError } from "../../proto/serving-error.ts";
import { addRecords, joinParts } from "../engine/record/join-parts.ts";
import type { RunPart } from "../engine/record/run-part.ts";
import { createTally, type Glance, type Tally } from "../engine/record/tally.ts";
import type { Stream } from "../engine/loop/streams.ts";
import { joinHistograms } from "../histogram/create-histogram.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunProgress } from "../run-progress.ts";
import { failureOf } from "../senders/http/http-failure.ts";
import type { Workload } from "../workload.ts";
import type { SuiteRequest } from "./suite.ts";

export interface Reply {
  readonly request: SuiteRequest;
  readonly status: number;
  readonly body: string;
  /** From the start of counting. */
  readonly endedMs: number;
  readonly tookMs: number;
}

/** Counts as the engine does what autocannon tells of each reply. */
export interface ReplyCount {
  answered(reply: Reply): void;
  /** A connection broke, or a call had no answer in time. */
  broke(error: Error, endedMs: number): void;
  glance(): Omit<RunProgress, "elapsedMs" | "leftMs">;
  part(): RunPart;
}

export function countReplies(plan: RunPlan): ReplyCount {
  // Replies of several kinds in one run: each is looked into by a tally of its own.
  const tallies = new Map<Workload["replies"], Tally>();
  const tallyOf = (replies: Workload["replies"] = "opaque"): Tally => {
    const known = tallies.get(replies);
    if (known !== undefined) return known;
    const tally = createTally({ ...plan, workload: { ...plan.workload, replies } });
    tallies.set(replies, tally);
    return tally;
  };
  tallyOf();

  return {
    answered({ request, status, body, endedMs, tookMs }) {
      const tally = tallyOf(request.replies);
      const call = callOf(endedMs - tookMs, endedMs);
      tally.left(call, Buffer.byteLength(request.body ?? ""));
      const bytes = Buffer.from(body);
      if (status >= 200 && status < 300) tally.answered(call, bytes);
      else tally.failed(call, failureOf(status, bytes));
    },
    broke(error, endedMs) {
      const tally = tallyOf();
      const call = callOf(endedMs, endedMs);
      tally.left(call, 0);
      tally.failed(call, new ServingError("UNAVAILABLE", error.message, { isLost: true }));
    },
    glance() {
      const glances = Array.from(tallies.values(), (tally) => tally.glance());
      const sum = (of: (one: Glance) => number) => glances.reduce((all, one) => all + of(one), 0);
      return {
        due: sum(({ due }) => due),
        sent: sum(({ sent }) => sent),
        ok: sum(({ ok }) => ok),
        failed: sum(({ failed }) => failed),
        codes: addRecords(glances.map(({ codes }) => codes)),
        arms: addRecords(glances.map(({ arms }) => arms)),
        inFlight: plan.connections,
        lagMs: 0,
        latency: joinHistograms(glances.map(({ latency }) => latency)),
      };
    },
    part: () => joinParts(Array.from(tallies.values(), (tally) => tally.part())),
  };
}

function callOf(leftMs: number, endedMs: number): Stream {
  const times = { dueMs: leftMs, leftMs, freeMs: leftMs, endedMs };
  return { index: 0, connection: 0, calls: 1, isCancelled: false, ...times };
}
