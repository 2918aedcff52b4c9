import { formatMs, formatNumber, formatRate } from "../../display/figures.ts";
import type { Difference } from "./compare-samples.ts";
import type { Comparison } from "./comparison.ts";
import type { Metric } from "./metrics.ts";

/** A difference in words, for every output alike. */
export interface DifferenceText {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** "+12.3%". */
  readonly change: string;
  /** "+4.1% to +21.0%". */
  readonly interval: string;
  /** "worse", or why it does not count. */
  readonly says: string;
}

export function describeDifference(difference: Difference): DifferenceText {
  const { metric, a, b, ratio, low, high } = difference;
  return {
    name: metric.name,
    a: inUnitOf(metric, a),
    b: inUnitOf(metric, b),
    change: formatChange(ratio),
    interval: `${formatChange(low)} to ${formatChange(high)}`,
    says: whatItSays(difference),
  };
}

/** The last line: what counts, or that nothing does. */
export function concludeInWords({ outcome, differences, names }: Comparison): string {
  const counting = differences
    .filter(({ bIs }) => bIs !== "same")
    .map(
      (difference) =>
        `${difference.metric.name} ${difference.bIs} (${formatChange(difference.ratio)})`,
    );
  const list = counting.join(", ");
  if (outcome === "invalid") return "INVALID: this comparison proves nothing";
  if (outcome === "fail")
    return `FAIL: ${names.b} is worse than ${names.a}${list ? `: ${list}` : ""}`;
  return `PASS: ${names.b} is no worse than ${names.a}${list ? `: ${list}` : ""}`;
}

function whatItSays({ bIs, low, high, metric, ratio }: Difference): string {
  if (bIs !== "same") return bIs;
  if (low <= 1 && high >= 1) {
    const width = Math.max(high / ratio, ratio / low) - 1;
    return `no difference seen (one under ${percent(width)} would not be)`;
  }
  const { share, absolute } = metric.floor;
  return `too small to count (under ${percent(share)} or ${inUnitOf(metric, absolute)})`;
}

/** Two digits. */
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

export function inUnitOf({ unit }: Metric, value: number): string {
  if (unit === "ms") return formatMs(value);
  return unit === "/s" ? formatRate(value) : `${formatNumber(value)} us`;
}

/** "+12.3%" of 1.123; "×3.20" where percents would mislead. */
export function formatChange(ratio: number): string {
  if (ratio > 3 || ratio < 1 / 3) return `×${formatNumber(ratio)}`;
  const percent = 100 * (ratio - 1);
  const text = Math.abs(percent).toFixed(1);
  return `${text === "0.0" ? "±" : percent > 0 ? "+" : "−"}${text}%`;
}
