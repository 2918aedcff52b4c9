import type { TensorInfo, Tensors } from "../models/tensors.ts";
import type { Call } from "../transport/call.ts";

export type RunCall = Pick<Call, "deadlineMs" | "signal">;

/** Tensors in, tensors out. Holding one means that it is loaded and warm. */
export interface Engine {
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** How many runs make progress at the same time (its sessions). */
  readonly parallel: number;
  /**
   * Takes the feeds over: feeds that are views of one ArrayBuffer cross threads without a copy and are detached.
   * Rejects with a ServingError: INVALID_ARGUMENT for feeds that do not fit, UNAVAILABLE when a worker died.
   */
  run(feeds: Tensors, call: RunCall): Promise<Tensors>;
  /** Idempotent; resolves after the runs in flight have settled. */
  close(): Promise<void>;
}
