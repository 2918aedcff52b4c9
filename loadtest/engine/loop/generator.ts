import type { Share } from "../../pace/deal.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { OpenSender } from "../../senders/sender.ts";
import type { Clock } from "../clock.ts";
import type { RunPart } from "../record/run-part.ts";
import { createTally, type Glance } from "../record/tally.ts";
import { createCaller } from "./caller.ts";
import { createClosedLoop } from "./closed-loop.ts";
import { dealRun } from "./deal-run.ts";
import type { Loop, LoopParts } from "./loop.ts";
import { createOpenLoop } from "./open-loop.ts";

/** One worker's share of a run: its connections, its loop and what it found. */
export interface Generator {
  /** Rejects with a ServingError when a target does not answer. */
  connect(): Promise<void>;
  /** @param originMs On the clock: when counting starts, `warmUpMs` after the first calls. */
  start(originMs: number, onEnd: () => void): void;
  /** Sends nothing more and ends at once. */
  stop(): void;
  glance(): GeneratorGlance;
  part(): RunPart;
  close(): void;
}

export interface GeneratorGlance extends Glance {
  /** From the start of counting. */
  readonly elapsedMs: number;
  readonly inFlight: number;
  readonly silentMs: number;
}

export interface GeneratorOptions {
  readonly plan: RunPlan;
  readonly share: Share;
  readonly clock: Clock;
  readonly openSender: OpenSender;
}

export function createGenerator({ plan, share, clock, openSender }: GeneratorOptions): Generator {
  const origin = { atMs: 0 };
  const tally = createTally(plan);
  const onFree = () => loop.onFree();
  const caller = createCaller({ plan, share, clock, openSender, tally, origin, onFree });
  const loop = createLoop(share, { plan, clock, caller, tally, origin });
  let end: (() => void) | undefined;
  let hasBegun = false;
  const elapsedMs = () => clock.now() - origin.atMs;
  return {
    connect: () => caller.connect(),
    start(originMs, onEnd) {
      origin.atMs = originMs;
      end = onEnd;
      const begin = () => {
        hasBegun = true;
        if (end) loop.start(end);
      };
      clock.alarm(begin).set(originMs - plan.warmUpMs);
    },
    stop() {
      if (hasBegun) return loop.stop();
      end?.();
      end = undefined;
    },
    glance() {
      const nowMs = elapsedMs();
      const { inFlight } = caller;
      return { ...tally.glance(), elapsedMs: nowMs, inFlight, silentMs: tally.silentMs(nowMs) };
    },
    part: () => tally.part(),
    close: () => caller.close(),
  };
}

function createLoop(share: Share, parts: LoopParts): Loop {
  const { schedule, seed, warmUpMs } = parts.plan;
  if (schedule.kind === "closed") return createClosedLoop({ ...parts, schedule, share });
  return createOpenLoop(dealRun({ schedule, seed, warmUpMs, share }), parts);
}
