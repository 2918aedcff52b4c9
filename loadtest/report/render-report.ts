import type { RunResult } from "../run-result.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { verdictRecord } from "../verdict/verdict-json.ts";
import { html } from "../../display/html.ts";
import { renderPage, type HoverTable } from "../../display/page.ts";
import { percentileTable } from "./plots/percentile-table.ts";
import { timeColumns } from "./plots/time-columns.ts";
import { endingsSection } from "./sections/endings.ts";
import { gatesSection } from "./sections/gates.ts";
import { healthSection } from "./sections/health.ts";
import { latencySection, latencySeries } from "./sections/latency.ts";
import { opening } from "./sections/opening.ts";
import { overTimeSection, timeTable } from "./sections/over-time.ts";
import { armsSection, backendsSection, partSeries } from "./sections/parts.ts";
import { setupSection } from "./sections/setup.ts";
import { summary } from "./sections/summary.ts";

/** One HTML page, whole: what was found, whether it may be believed, and under which conditions. */
export function renderReport(result: RunResult, verdict: Verdict): string {
  const columns = timeColumns(result);
  const time = timeTable(columns);
  const percentile: Record<string, HoverTable> = {
    percentiles: percentileTable(latencySeries(result)),
    "arm-percentiles": percentileTable(partSeries(result.arms)),
    "backend-percentiles": percentileTable(partSeries(result.backends)),
  };
  return renderPage({
    title: `${result.name}: load test`,
    header: html`${opening(result, verdict)}${summary(result)}`,
    main: [
      verdict.gates.length > 0 && gatesSection(verdict),
      latencySection(result, verdict),
      overTimeSection(columns, time),
      armsSection(result, columns),
      backendsSection(result),
      endingsSection(result),
      healthSection(result, columns),
      setupSection(result),
    ],
    footer: html`<p>
      Percentiles come from histograms with three digits (HdrHistogram); those of several workers
      and machines are added, never averaged. ${result.about.versions}.
    </p>`,
    hover: { time, percentile },
    figures: verdictRecord(verdict, result),
  });
}
