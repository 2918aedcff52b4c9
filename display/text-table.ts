export interface Column {
  readonly head: string;
  /** Default "left". */
  readonly align?: "left" | "right";
}

/** Lines with aligned columns, for terminals; a column with nothing in it is left out. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const isUsed = columns.map((_, at) => rows.some((row) => (row[at] ?? "") !== ""));
  const widths = columns.map(({ head }, at) =>
    Math.max(head.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) => {
        const cell = cells[at] ?? "";
        return align === "right" ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!);
      })
      .filter((_, at) => isUsed[at])
      .join("  ")
      .trimEnd();
  return [columns.map(({ head }) => head), ...rows].map(line);
}
