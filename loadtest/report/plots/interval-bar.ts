import type { Difference } from "../../compare/compare-samples.ts";
import { formatChange } from "../../compare/describe-difference.ts";
import { html, type Html } from "../../../display/html.ts";
import { xPercent } from "../../../display/plots/frame.ts";

/** Of ratios b / a: no change in the middle, as far to either side as any interval of the comparison reaches. */
export interface RatioScale {
  at(ratio: number): number;
  readonly most: number;
}

export function ratioScale(differences: readonly Difference[]): RatioScale {
  const reaches = differences.flatMap(({ low, high }) => [
    Math.abs(Math.log(low)),
    Math.abs(Math.log(high)),
  ]);
  const reach = 1.1 * Math.max(Math.log(1.05), ...reaches);
  return { at: (ratio) => 0.5 + Math.log(ratio) / reach / 2, most: Math.exp(reach) };
}

const heightPx = 28;
const middlePx = heightPx / 2;

/** The interval, the rounds it comes from as rings, and as a band what is too small to count. */
export function intervalBar(difference: Difference, scale: RatioScale): Html {
  const { low, high, ratio, ratios, metric, bIs } = difference;
  const band = [1 / (1 + metric.floor.share), 1 + metric.floor.share].map((edge) =>
    clamp(scale.at(edge)),
  );
  const rings = ratios.map(
    (one) =>
      html`<circle class="ring" cx="${xPercent(clamp(scale.at(one)))}" cy="${middlePx}" r="3" />`,
  );
  const [left, right, center] = [low, high, ratio].map((value) => xPercent(scale.at(value)));
  return html`<svg
    class="interval ${bIs}"
    width="100%"
    height="${heightPx}"
    role="img"
    aria-label="${formatChange(ratio)}, from ${formatChange(low)} to ${formatChange(high)}"
  >
    <rect
      class="floor"
      x="${xPercent(band[0]!)}"
      width="${xPercent(band[1]! - band[0]!)}"
      height="${heightPx}"
    />
    <line class="zero" x1="50%" x2="50%" y1="0" y2="${heightPx}" />
    ${rings}
    <line class="reach" x1="${left}" x2="${right}" y1="${middlePx}" y2="${middlePx}" />
    <circle class="center" cx="${center}" cy="${middlePx}" r="4.5" />
  </svg>`;
}

/** The ends of the scale, under the bars. */
export function intervalAxis({ most }: RatioScale): Html {
  return html`<svg class="interval-axis" width="100%" height="16" aria-hidden="true">
    <text x="0" y="12">${formatChange(1 / most)}</text>
    <text x="50%" y="12" text-anchor="middle">no change</text>
    <text x="100%" y="12" text-anchor="end">${formatChange(most)}</text>
  </svg>`;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
