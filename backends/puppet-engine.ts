import type { TensorInfo, Tensors } from "../models/tensors.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Engine, RunCall } from "./engine.ts";
import { createSessionRuns } from "./session-runs.ts";

/** A run that was asked for and not ended. */
export interface PuppetRun {
  readonly feeds: Tensors;
  readonly call: RunCall;
  /** By `compute`, after `runMs`. Default 0. */
  finish(runMs?: number): void;
  fail(error: unknown): void;
}

/** An engine that acts only when told. */
export interface PuppetEngine extends Engine {
  /** Oldest first. */
  readonly running: readonly PuppetRun[];
  /** Ends every run at once, from now on and those that wait. */
  perform(): void;
  /** Lets runs wait, as at the start. */
  hang(): void;
}

export interface PuppetEngineOptions {
  readonly compute: (feeds: Tensors) => Tensors;
  /** Default "puppet". */
  readonly name?: string;
  readonly inputs?: readonly TensorInfo[];
  readonly outputs?: readonly TensorInfo[];
  readonly clock?: Clock;
}

export function createPuppetEngine(options: PuppetEngineOptions): PuppetEngine {
  const { compute, name = "puppet", inputs = [], outputs = [], clock = systemClock } = options;
  const session = createSessionRuns();
  const running = new Set<PuppetRun>();
  const drains: (() => void)[] = [];
  let performs = false;
  let isClosed = false;

  const ended = (run: PuppetRun) => {
    running.delete(run);
    session.ended(clock.now());
    if (running.size === 0) for (const drained of drains.splice(0)) drained();
  };

  return {
    name,
    inputs,
    outputs,
    get running() {
      return [...running];
    },
    sessions: () => [session],
    isReady: () => !isClosed,
    run: (feeds, call) =>
      new Promise((resolve, reject) => {
        const run: PuppetRun = {
          feeds,
          call,
          finish(runMs = 0) {
            ended(run);
            call.ran?.(runMs);
            resolve(compute(feeds));
          },
          fail(error) {
            ended(run);
            reject(error);
          },
        };
        running.add(run);
        session.sent(call.expectedMs ?? 0, clock.now());
        if (performs) run.finish();
      }),
    async close() {
      isClosed = true;
      if (running.size > 0) await new Promise<void>((resolve) => drains.push(resolve));
    },
    perform() {
      performs = true;
      for (const run of running) run.finish();
    },
    hang: () => {
      performs = false;
    },
  };
}
