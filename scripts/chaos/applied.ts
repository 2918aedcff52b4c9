import type { Distribution } from "../../router/distribution.ts";

/** A document, from when it may have been in force. Times are of the clock of `monotonicMs`. */
export interface Applied {
  readonly document: Distribution;
  /** Before that it was not. */
  readonly askedMs: number;
  /** From then on it was, until the next one. */
  readonly confirmedMs: number;
}
