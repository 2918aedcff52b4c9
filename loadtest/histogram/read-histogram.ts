import type { Histogram } from "./histogram.ts";
import { sparseHistogram } from "./sparse-histogram.ts";
import { decodeV2 } from "./v2-format.ts";

/** Takes back what `encode` made. Throws an Error that says what the text is instead. */
export function readHistogram(text: string): Histogram {
  return sparseHistogram(decodeV2(text));
}
