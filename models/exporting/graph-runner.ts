import type { Call } from "../../transport/call.ts";
import type { Tensors } from "../tensors.ts";

/** What an export needs of whatever runs graphs; every engine of `backends/` is one. */
export interface GraphRunner {
  /** May take the feeds over. */
  run(feeds: Tensors, call: Pick<Call, "deadlineMs" | "signal">): Promise<Tensors>;
  close(): Promise<void>;
}

/** Work that nobody waits for. */
export const unhurried: Pick<Call, "deadlineMs" | "signal"> = {
  deadlineMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
};
