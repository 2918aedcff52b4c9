import { formatCount, formatShare } from "../../../display/figures.ts";
import type { RunResult } from "../../run-result.ts";
import { html, type Html } from "../../../display/html.ts";
import { table, type TableColumn } from "../../../display/table.ts";

/** How calls ended, and results of batches where there were any. */
export function endingsSection({ codes, messages, rows, counts }: RunResult): Html {
  return html`<section id="endings">
    <h2>How calls ended</h2>
    <p class="lead">${sentences(counts)}</p>
    ${byStatus("Calls by status", codes, messages)}
    ${
      Object.keys(rows).length > 0 &&
      html`<p></p>
        <h3>Results inside batches</h3>
        ${byStatus("Results by status", rows, {})}`
    }
  </section>`;
}

function sentences(counts: RunResult["counts"]): string {
  const { due, sent, cancelled, waited, missed, lost, unfinished } = counts;
  const parts = [
    `${formatCount(due)} calls were due and ${formatCount(sent)} left.`,
    cancelled > 0 && `${formatCount(cancelled)} were cancelled, as the plan wants it.`,
    waited > 0 && `${formatCount(waited)} found all streams taken and waited.`,
    missed > 0 &&
      `${formatCount(missed)} never left, since no stream was free before their deadline.`,
    lost > 0 && `${formatCount(lost)} failed with their connection.`,
    unfinished > 0 && `${formatCount(unfinished)} were in flight when the run was interrupted.`,
  ];
  return parts.filter((part) => part !== false).join(" ");
}

function byStatus(
  label: string,
  codes: Readonly<Record<string, number>>,
  messages: Readonly<Record<string, string>>,
): Html {
  const total = Object.values(codes).reduce((sum, count) => sum + count, 0);
  const columns: readonly TableColumn[] = [
    { head: "Status" },
    { head: "Count", kind: "num" },
    { head: "Share", kind: "num" },
    { head: "First message", kind: "wide" },
  ];
  const sorted = Object.entries(codes).toSorted(([, one], [, other]) => other - one);
  const cells = sorted.map(([name, count]) => [
    html`<code>${name}</code>`,
    formatCount(count),
    formatShare(count / Math.max(1, total)),
    Object.hasOwn(messages, name) ? messages[name] : "",
  ]);
  return table(label, columns, cells);
}
