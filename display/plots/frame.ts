import { html, type Html, type HtmlValue } from "../html.ts";
import type { Scale } from "./scale.ts";

/*
 * Plots are as wide as their column and as high as they say, at every width with the same letters: positions across are
 * percents, down they are pixels. Lines are drawn in a square of 1,000 x 1,000 that is stretched over the plot.
 */

export interface Frame {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What a listener should know who cannot see it. */
  readonly description: string;
  readonly heightPx: number;
  readonly y: Axis;
  readonly x: Axis;
  /** Drawn in the stretched square. */
  readonly shapes: HtmlValue;
  /** Drawn over it, in percents and pixels. */
  readonly marks?: HtmlValue;
  /** What is shown where the pointer is. Default "none". */
  readonly hover?: "time" | "percentile" | "none";
}

export interface Axis {
  readonly scale: Scale;
  readonly label: (value: number) => string;
}

const topPx = 14;
const bottomPx = 20;

export function plot(frame: Frame): Html {
  const { id, title, description, heightPx, shapes, marks, hover } = frame;
  const inner = heightPx - topPx - bottomPx;
  return html`<svg
    class="plot"
    id="${id}"
    width="100%"
    height="${heightPx}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
    data-hover="${hover ?? "none"}"
  >
    <title id="${id}-title">${title}</title>
    <desc id="${id}-desc">${description}</desc>
    ${grid(frame)}
    <svg
      class="shapes"
      x="0"
      y="${topPx}"
      width="100%"
      height="${inner}"
      viewBox="0 0 1000 1000"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${shapes}
    </svg>
    ${labels(frame)}${marks}
    <line class="cross" x1="0" x2="0" y1="${topPx}" y2="${topPx + inner}" />
  </svg>`;
}

/** Pixels from the top of the plot. */
export function yPx({ heightPx }: Pick<Frame, "heightPx">, share: number): number {
  return round(topPx + (heightPx - topPx - bottomPx) * (1 - share));
}

/** E.g. "12.5%". */
export function xPercent(share: number): string {
  return `${Math.round(10_000 * share) / 100}%`;
}

function grid(frame: Frame): Html {
  const { scale } = frame.y;
  const lines = scale.ticks.map((tick) => {
    const y = yPx(frame, scale.at(tick));
    return html`<line
      class="${tick === 0 ? "base" : "grid"}"
      x1="0"
      x2="100%"
      y1="${y}"
      y2="${y}"
    />`;
  });
  const uprights = frame.x.scale.ticks.map((tick) => {
    const x = xPercent(frame.x.scale.at(tick));
    const bottom = frame.heightPx - bottomPx;
    return html`<line class="tick" x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}" />`;
  });
  return html`<g aria-hidden="true">${lines}${uprights}</g>`;
}

/** Those of the y axis stand left of the plot, where its style leaves room. */
function labels(frame: Frame): Html {
  const { x, y, heightPx } = frame;
  const ofY = spread(y.scale, 16 / (heightPx - topPx - bottomPx)).map((tick) => {
    const top = yPx(frame, y.scale.at(tick)) + 4;
    return html`<text x="-8" y="${top}" text-anchor="end">${y.label(tick)}</text>`;
  });
  const ofX = spread(x.scale, 0.09).map((tick) => {
    const at = x.scale.at(tick);
    const anchor = at < 0.04 ? "start" : at > 0.96 ? "end" : "middle";
    return html`<text class="x" x="${xPercent(at)}" y="${heightPx - 4}" text-anchor="${anchor}"
      >${x.label(tick)}</text
    >`;
  });
  return html`<g aria-hidden="true">${ofY}${ofX}</g>`;
}

/** Without those that would stand in each other's way. */
function spread(scale: Scale, apart: number): number[] {
  const kept: number[] = [];
  for (const tick of scale.ticks) {
    const last = kept.at(-1);
    if (last === undefined || scale.at(tick) - scale.at(last) >= apart) kept.push(tick);
  }
  return kept;
}

/** A line through points whose coordinates are shares of the axes. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  return points
    .map(([x, y], at) => `${at === 0 ? "M" : "L"}${inSquare(x)} ${inSquare(1 - y)}`)
    .join("");
}

/** A line that stays level over each column. */
export function stepPath(shares: readonly number[]): string {
  const width = 1 / shares.length;
  return shares
    .map((share, at) => {
      const y = inSquare(1 - share);
      return `${at === 0 ? `M0 ${y}` : `V${y}`}H${inSquare((at + 1) * width)}`;
    })
    .join("");
}

/** Boxes between `low` and `high`, a column each. */
export function columnBoxes(columns: readonly (readonly [low: number, high: number])[]): string {
  const width = 1 / columns.length;
  return columns
    .map(([low, high], at) => (high > low ? boxPath({ left: at * width, width, low, high }) : ""))
    .join("");
}

export interface Box {
  readonly left: number;
  readonly width: number;
  readonly low: number;
  readonly high: number;
}

export function boxPath({ left, width, low, high }: Box): string {
  const [x, w] = [inSquare(left), inSquare(width)];
  return `M${x} ${inSquare(1 - high)}h${w}v${inSquare(high - low)}h-${w}z`;
}

function inSquare(share: number): number {
  return round(1_000 * share);
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
