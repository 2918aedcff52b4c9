import type { Histogram } from "./histogram.ts";
import { sparseHistogram } from "./sparse-histogram.ts";
import { decodeV2 } from "./v2-format.ts";

/** Takes back what `encode` made. Throws an Error that says what the text is instead. */
export function readHistogram(text: string): Histogram {
  return sparseHistogram(decodeV2(text));
}

/** For JSON.parse: makes histograms of what their `toJSON` wrote, wherever they are. */
export function reviveHistograms(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { histogram } = value as { readonly histogram?: unknown };
  return typeof histogram === "string" ? readHistogram(histogram) : value;
}
