import type { TensorInfo, Tensors } from "../models/tensors.ts";
import type { Call } from "../transport/call.ts";

export type RunCall = Pick<Call, "deadlineMs" | "signal">;

/** Tensors in, tensors out. Holding one means that it is loaded and warm. */
export interface Engine {
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** How many runs make progress at the same time (its sessions). As many again may be sent ahead of their turn. */
  readonly parallel: number;
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
  /** Idempotent; resolves after the runs in flight have settled. */
  close(): Promise<void>;
}
