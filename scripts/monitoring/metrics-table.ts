import type { MetricDescription } from "../../server/metrics/describe-metrics.ts";

const begin = "<!-- begin: npx tsx scripts/metrics-document.ts -->";
const end = "<!-- end -->";

/** The page with its table written anew. */
export function withTable(page: string, metrics: readonly MetricDescription[]): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined)
    throw new Error(`the page has no place for the table: ${begin} … ${end}`);
  return `${before}${begin}\n\n${tableOf(metrics)}\n\n${end}${after}`;
}

/** What every Node.js process exports is left out. */
function tableOf(metrics: readonly MetricDescription[]): string {
  const own = metrics.filter(({ name }) => !/^(nodejs|process)_/.test(name));
  const rows = own
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labelNames, help }) => [
      `\`${name}\``,
      type,
      labelNames.map((label) => `\`${label}\``).join(" "),
      help,
    ]);
  return table([["metric", "kind", "labels", "what it is"], ...rows]);
}

/** As oxfmt writes tables. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(" | ")} |`;
  const [head, ...body] = rows;
  const rule = line(
    widths.map(() => ""),
    "-",
  );
  return [line(head!, " "), rule, ...body.map((cells) => line(cells, " "))].join("\n");
}
