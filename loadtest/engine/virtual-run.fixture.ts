import { ServingError } from "../../proto/serving-error.ts";
import { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunResult } from "../run-result.ts";
import type { OpenSender } from "../senders/sender.ts";
import type { Clock } from "./clock.ts";
import { createGenerator } from "./loop/generator.ts";
import { resultOf } from "./result-of.ts";
import type { RunPart } from "./record/run-part.ts";
import type { RunReport } from "./run-report.ts";
import { createVirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";

/** When a server answers what reached it; times from the start of counting. */
export type AnswersAt = (arrivedMs: number) => number;

/** Takes the same for each call. */
export function constantServer(serviceMs: number): AnswersAt {
  return (arrivedMs) => arrivedMs + serviceMs;
}

export interface Stalls {
  readonly everyMs: number;
  readonly forMs: number;
}

/** Stands still at the end of each period, with what it has begun and what has come. */
export function stallingServer(serviceMs: number, { everyMs, forMs }: Stalls): AnswersAt {
  const resume = (atMs: number) => {
    const inPeriod = ((atMs % everyMs) + everyMs) % everyMs;
    return inPeriod < everyMs - forMs ? atMs : atMs - inPeriod + everyMs;
  };
  return (arrivedMs) => resume(resume(arrivedMs) + serviceMs);
}

export interface VirtualRunOptions extends VirtualClockOptions {
  readonly answersAt: AnswersAt;
  /** What a call that arrived then is answered; an error fails it. Default: one arm, one backend, no items. */
  readonly replyAt?: (arrivedMs: number) => Uint8Array | ServingError;
  /** Ctrl-C. */
  readonly stopAtMs?: number;
}

/** Runs the real loop, tally and rules, all workers of the plan one after the other, each in time of its own. */
export function runVirtually(plan: RunPlan, options: VirtualRunOptions): RunResult {
  const { stopAtMs } = options;
  const reports = Array.from({ length: plan.workers }, (_, index): RunReport => {
    const clock = createVirtualClock(options);
    const originMs = plan.warmUpMs;
    const generator = createGenerator({
      plan,
      share: { index, of: plan.workers },
      clock,
      openSender: virtualSenders(clock, originMs, options),
    });
    let part: RunPart | undefined;
    generator.start(originMs, () => (part = generator.part()));
    if (stopAtMs !== undefined) clock.after(originMs + stopAtMs, () => generator.stop());
    clock.run();
    if (part === undefined) throw new Error("the loop has not ended");
    const ended = { by: "interrupt", because: "told to" } as const;
    const info = { name: "virtual", machine: "none", clockAheadMs: 0, clockErrorMs: 0 };
    return {
      part,
      threads: [],
      startedAtMs: 0,
      generator: info,
      ...(stopAtMs !== undefined && { ended, stoppedMs: stopAtMs }),
    };
  });
  return resultOf({ ...plan, workers: 1 }, reports);
}

const deadlinePassed = new ServingError("DEADLINE_EXCEEDED", "not answered by the deadline");
const cancelled = new ServingError("CANCELLED", "the caller cancelled");
const plainReply = RecommendResponse.encode(
  RecommendResponse.fromPartial({ served: { backend: "cpu" }, routed: { arm: "stable" } }),
).finish();

function virtualSenders(clock: Clock, originMs: number, options: VirtualRunOptions): OpenSender {
  const { answersAt, replyAt = () => plainReply } = options;
  return (_, ended) => {
    const underWay = new Map<number, object>();
    const end = (stream: number, call: object, outcome: Uint8Array | ServingError) => {
      if (underWay.get(stream) !== call) return;
      underWay.delete(stream);
      if (outcome instanceof ServingError) ended.failed(stream, outcome);
      else ended.answered(stream, outcome);
    };
    return {
      connect: async () => {},
      send(stream, _request, deadlineMs) {
        const call = {};
        underWay.set(stream, call);
        const arrivedMs = clock.now() - originMs;
        const tookMs = answersAt(arrivedMs) - arrivedMs;
        clock.after(tookMs, () => end(stream, call, replyAt(arrivedMs)));
        clock.after(deadlineMs - clock.now(), () => end(stream, call, deadlinePassed));
      },
      cancel(stream) {
        const call = underWay.get(stream);
        if (call) clock.after(0, () => end(stream, call, cancelled));
      },
      close() {},
    };
  };
}
