const levels = "▁▂▃▄▅▆▇█";

/** The last values that fit, from 0 to the largest of them. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-Math.max(0, width) || values.length);
  if (width <= 0) return "";
  const most = Math.max(...shown, Number.MIN_VALUE);
  return shown
    .map((value) => levels[Math.min(levels.length - 1, Math.floor((value / most) * levels.length))])
    .join("");
}
