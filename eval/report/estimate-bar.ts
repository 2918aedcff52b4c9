import { html, type Html } from "../../display/html.ts";
import { xPercent } from "../../display/plots/frame.ts";
import type { Estimate } from "../statistics/bootstrap.ts";
import { formatEstimate } from "./figures.ts";

/** From value to value, with 0 in it: what is twice as long is twice as much. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface EstimateBarOptions {
  readonly span: Span;
  readonly isFirst: boolean;
  /** Before the figure, for those who cannot see the bar. */
  readonly label: string;
}

const heightPx = 28;
const middlePx = heightPx / 2;

export function spanOf(estimates: readonly Estimate[]): Span {
  const ends = estimates
    .flatMap(({ low, high, mean }) => [low, high, mean])
    .filter(Number.isFinite);
  const [from, to] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const margin = 0.04 * (to - from || 1);
  return { from: from - (from < 0 ? margin : 0), to: to + margin };
}

/** The mean as a dot, its interval as a bar, and where 0 is. */
export function estimateBar(
  estimate: Estimate,
  { span: { from, to }, isFirst, label }: EstimateBarOptions,
): Html {
  const { mean, low, high } = estimate;
  if (!Number.isFinite(mean)) return html``;
  const at = (value: number) => xPercent((value - from) / (to - from));
  return html`<svg
    class="interval ${isFirst ? "better" : ""}"
    width="100%"
    height="${heightPx}"
    role="img"
    aria-label="${label}${formatEstimate(estimate)}"
  >
    <line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="${heightPx}" />
    <line class="reach" x1="${at(low)}" x2="${at(high)}" y1="${middlePx}" y2="${middlePx}" />
    <circle class="center" cx="${at(mean)}" cy="${middlePx}" r="4.5" />
  </svg>`;
}
