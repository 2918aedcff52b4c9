import { validity } from "../../engine/validity.ts";
import {
  formatDuration,
  formatMs,
  formatNumber,
  formatRate,
  formatShare,
} from "../../../display/figures.ts";
import type { RunResult } from "../../run-result.ts";
import { html, type Html, type HtmlValue } from "../../../display/html.ts";
import { figure, table } from "../../../display/table.ts";
import { lagPlot } from "../plots/lag-plot.ts";
import type { TimeColumn } from "../plots/time-columns.ts";

type Row = readonly [what: string, found: string, allowed: HtmlValue];

/** Whether the generator did what it was asked to: if not, its figures say nothing of the target. */
export function healthSection(result: RunResult, columns: readonly TimeColumn[]): Html {
  const isOpen = result.about.loop === "open";
  const rows: readonly Row[] = [
    ...(isOpen ? scheduleRows(result) : closedRows(result)),
    ...machineRows(result),
  ];
  return html`<section id="health">
    <h2>The generator's own health</h2>
    <p class="lead">
      A generator that cannot keep its schedule measures itself. Beyond these limits the run is
      invalid and never a pass.
    </p>
    <div class="beside">
      <div>
        ${table(
          "The generator's own health",
          [{ head: "" }, { head: "Found", kind: "num" }, { head: "Allowed", kind: "num" }],
          rows,
        )}
      </div>
      <div>
        ${isOpen && columns.length > 0 && figure("How late calls left", [], lagPlot(columns))}
      </div>
    </div>
    ${notes(result)}
  </section>`;
}

function scheduleRows({ counts, lag }: RunResult): Row[] {
  const { achievedRate, targetRate } = counts;
  const { maxLagP99Ms, minAchieved } = validity;
  const p99 = lag.at(0.99);
  return [
    ["Calls left late, p50", formatMs(lag.at(0.5)), ""],
    ["Calls left late, p99", formatMs(p99), allowed(`up to ${maxLagP99Ms} ms`, p99 <= maxLagP99Ms)],
    ["Calls left late, the latest", formatMs(lag.maxMs), ""],
    [
      "Rate reached, of the rate asked for",
      targetRate > 0 ? formatShare(Math.min(1, achievedRate / targetRate)) : "–",
      allowed(`from ${formatShare(minAchieved)}`, achievedRate >= minAchieved * targetRate),
    ],
    ["Asked for", formatRate(targetRate), ""],
  ];
}

function closedRows({ generator }: RunResult): Row[] {
  const { maxLoopDelayP99Ms } = validity;
  const isKept = generator.loopDelayP99Ms <= maxLoopDelayP99Ms;
  return [
    [
      "Event loop late, p99, the worst worker",
      formatMs(generator.loopDelayP99Ms),
      allowed(`up to ${maxLoopDelayP99Ms} ms`, isKept),
    ],
  ];
}

function machineRows({ generator, about }: RunResult): Row[] {
  const { loopDelayP99Ms, loopDelayMaxMs, busyShare, starvedMs, cpuUsPerCall, cpuMs, spunMs } =
    generator;
  return [
    ...(about.loop === "open"
      ? [["Event loop late, p99, the worst worker", formatMs(loopDelayP99Ms), ""] as const]
      : []),
    ["Event loop late, at most", formatMs(loopDelayMaxMs), ""],
    ["The busiest worker's share of its core", formatShare(busyShare), ""],
    ["CPU per call", `${formatNumber(cpuUsPerCall)} us`, ""],
    ["CPU in all", formatDuration(cpuMs), ""],
    ["Of it, awake until a call was due", formatDuration(spunMs), ""],
    ["Time that the machine gave to others", formatMs(starvedMs), ""],
  ];
}

function allowed(text: string, isKept: boolean): Html {
  return html`<span class="${isKept ? "pass" : "fail"}-text">${text}${isKept ? " ✓" : " ✕"}</span>`;
}

function notes({ warnings }: RunResult): Html {
  if (warnings.length === 0) return html``;
  return html`<ul class="notes">
    ${warnings.map(({ message }) => html`<li>${message}</li>`)}
  </ul>`;
}
