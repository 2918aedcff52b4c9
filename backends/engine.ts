import type { TensorInfo, Tensors } from "../models/tensors.ts";
import type { Call } from "../transport/call.ts";

export interface RunCall extends Pick<Call, "deadlineMs" | "signal"> {
  /** What the run should take its session, so that others can be sent to one that is free sooner. Default 0. */
  readonly expectedMs?: number;
  /** Told what the run took its session, without waits and messages, before the outputs come. Not told of a failed run. */
  readonly ran?: (runMs: number) => void;
}

/** One that is loaded and warm; it runs one batch after the other. */
export interface EngineSession {
  /** That were sent and have not ended; 0 = it idles. */
  readonly runs: number;
  /** Until it has done them all, by what was expected of each. Grows again while one overstays. */
  leftMs(nowMs: number): number;
  /** Its run has taken so much longer than expected that it may never end. */
  hangs(nowMs: number): boolean;
}

/** Tensors in, tensors out. Holding one means that it is loaded and warm. */
export interface Engine {
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Those that are open: they make progress at the same time. A run goes to the one that is free first; one run more may
   * be sent to each ahead of its turn. Cheap and synchronous.
   */
  sessions(): readonly EngineSession[];
  /** Cheap and synchronous. False when closed, and while every session is being replaced. */
  isReady(): boolean;
  /**
   * Feeds from `allocateTensors` are taken over: they cross threads without a copy and are empty afterwards. Others
   * are copied. The outputs are the caller's to keep. Rejects with a ServingError:
   * INVALID_ARGUMENT for feeds that do not fit or cannot be run, CANCELLED and DEADLINE_EXCEEDED for a call that was
   * over before its run began (one that has begun is never cut short), RESOURCE_EXHAUSTED when too many wait,
   * UNAVAILABLE when a session died, or the engine is closed.
   */
  run(feeds: Tensors, call: RunCall): Promise<Tensors>;
  /**
   * Idempotent; resolves after the runs in flight have settled. Those that hang are given up in the end: they reject with
   * UNAVAILABLE.
   */
  close(): Promise<void>;
}
