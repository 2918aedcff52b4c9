import type { Estimate } from "../statistics/bootstrap.ts";

const absent = "–";

/** Four digits: the third is what published figures differ in. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return absent;
  const digits = Math.abs(value) >= 10 ? value.toFixed(2) : value.toFixed(4);
  return Number(digits) === 0 ? "0.0000" : digits;
}

/** "[0.8113, 0.8306]" */
export function formatInterval({ low, high }: Estimate): string {
  if (!Number.isFinite(low)) return "";
  return `[${formatFigure(low)}, ${formatFigure(high)}]`;
}

export function formatEstimate(estimate: Estimate): string {
  return `${formatFigure(estimate.mean)} ${formatInterval(estimate)}`.trim();
}

/** "+0.0012" */
export function formatChange(value: number): string {
  const figure = formatFigure(value);
  return Number(figure) > 0 ? `+${figure}` : figure;
}
