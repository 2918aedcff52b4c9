import type { Paint } from "../../terminal/style.ts";

/** A cell with a colour is as wide as its text. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: "right";
}

const gap = "   ";

/** Columns as wide as their widest cell; the last one is left as it is. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  const titles = columns.map(({ title }) => title);
  const lines = [titles, ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => textOf(line[i]).length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => padded(cell, widths[i]!, columns[i]))
        .join(gap)
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function padded(cell: Cell, width: number, column: Column | undefined): string {
  const text = textOf(cell);
  const space = " ".repeat(width - text.length);
  const painted = typeof cell === "string" || text === "" ? text : cell.paint(text);
  return column?.align === "right" ? space + painted : painted + space;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : (cell ?? "");
}
