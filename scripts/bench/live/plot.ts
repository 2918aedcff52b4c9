export interface PlotOptions {
  readonly width?: number;
  readonly height?: number;
  readonly unit: string;
}

/** Values over time as lines of text, the vertical axis from 0. */
export function plot(values: readonly number[], options: PlotOptions): string {
  const { width = 72, height = 8, unit } = options;
  const columns = Array.from(
    { length: Math.min(width, values.length) },
    (_, column, all = width) => {
      const count = Math.min(all, values.length);
      const from = Math.floor((column * values.length) / count);
      const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / count));
      return Math.max(...values.slice(from, to));
    },
  );
  const top = Math.max(...columns, 1);
  const lines = Array.from({ length: height }, (_, line) => {
    const level = (top * (height - line)) / height;
    const dots = columns.map((value) => (value >= level - top / height / 2 ? "#" : " ")).join("");
    return `${level.toFixed(0).padStart(8)} ${unit} |${dots}`;
  });
  return lines.join("\n");
}
