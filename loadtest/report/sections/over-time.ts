import { formatMs, formatRate } from "../../../display/figures.ts";
import { html, type Html } from "../../../display/html.ts";
import type { HoverTable } from "../../../display/page.ts";
import { figure, foldedTable } from "../../../display/table.ts";
import { heatMap } from "../plots/heat-map.ts";
import { throughputPlot } from "../plots/throughput-plot.ts";
import { formatClock, type TimeColumn } from "../plots/time-columns.ts";

export function overTimeSection(columns: readonly TimeColumn[], hover: HoverTable): Html {
  if (columns.length === 0) return html``;
  const each = columns[0]!.toS - columns[0]!.fromS;
  const seconds = each === 1 ? "a second" : `${each} seconds`;
  return html`<section id="over-time">
    <h2>Over time</h2>
    <p class="lead">
      By when calls were due, ${seconds} to a column: a call that came late stands where it should
      have left.
    </p>
    ${figure(
      "Calls per second",
      [
        { look: "ok", name: "ended OK" },
        { look: "failed", name: "failed" },
        { look: "due", name: "due" },
      ],
      throughputPlot(columns),
    )}
    ${figure(
      "Latency",
      [
        { look: "heat", name: "few to many calls" },
        { look: "p50", name: "p50" },
        { look: "p99", name: "p99" },
      ],
      heatMap(columns),
    )}
    ${foldedTable("Both plots as a table", hover)}
  </section>`;
}

export function timeTable(columns: readonly TimeColumn[]): HoverTable {
  const end = columns.at(-1)?.toS ?? 0;
  return {
    heads: ["time", "due", "ended OK", "failed", "p50", "p99", "slowest", "latest"],
    rows: columns.map(({ fromS, toS, due, ok, failed, latency, lagMs }) => [
      `${formatClock(fromS, end)} – ${formatClock(toS, end)}`,
      ...[due, ok, failed].map(formatRate),
      ...[0.5, 0.99, 1].map((share) => (latency.count === 0 ? "–" : formatMs(latency.at(share)))),
      formatMs(lagMs),
    ]),
  };
}
