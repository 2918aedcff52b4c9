import { formatMs, formatNumber, formatShare } from "../../../display/figures.ts";
import type { RunResult } from "../../run-result.ts";
import { enoughSamples } from "../../verdict/enough-samples.ts";
import { failedShares } from "../../verdict/failed-shares.ts";
import { html, type Html, type HtmlValue } from "../../../display/html.ts";

/** What most readers came for. */
export function summary(result: RunResult): Html {
  const { counts, latency, about } = result;
  const { errors, shed } = failedShares(result);
  const quantile = (share: number) =>
    latency.count === 0 ? "–" : inTwo(formatMs(latency.at(share)));
  const noteOf = (share: number, note: string) =>
    latency.count < enoughSamples(share) ? "rests on few calls" : note;
  const ofTarget =
    about.loop === "closed"
      ? "as fast as it was answered"
      : `of ${formatNumber(counts.targetRate)}/s asked for`;
  return html`<dl class="tiles">
    ${tile("p50", quantile(0.5), noteOf(0.5, "half of the calls are faster"))}
    ${tile("p99", quantile(0.99), noteOf(0.99, "1 call in 100 is slower"))}
    ${tile("p99.9", quantile(0.999), noteOf(0.999, "1 call in 1,000 is slower"))}
    ${tile("Rate", inTwo(`${formatNumber(counts.achievedRate)} /s`), ofTarget)}
    ${tile("Errors", inTwo(formatShare(errors)), `${counts.ok.toLocaleString("en-US")} calls ended OK`)}
    ${tile("Shed", inTwo(formatShare(shed)), "refused under load")}
    ${counts.answers > 0 && tile("Degraded", inTwo(formatShare(counts.degraded / counts.answers)), "answered by less than the best")}
  </dl>`;
}

function tile(name: string, value: HtmlValue, note: string): Html {
  return html`<div class="tile">
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="note">${note}</dd>
  </div>`;
}

/** The unit smaller than the number. */
function inTwo(figure: string): HtmlValue {
  const [, number, unit] = /^([<>\d.,]+)\s*(.*)$/.exec(figure) ?? [];
  return number === undefined ? figure : html`${number}<small> ${unit}</small>`;
}
