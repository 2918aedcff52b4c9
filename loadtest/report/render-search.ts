import { formatDuration, formatMs, formatRate, formatShare } from "../../display/figures.ts";
import { describeFound } from "../search/judge-search.ts";
import type { Observation } from "../search/rate-search.ts";
import type { RateSearch, SearchWindow } from "../search/search-rate.ts";
import { explainGate } from "../verdict/describe-gate.ts";
import { failedShares } from "../verdict/failed-shares.ts";
import { headline } from "../verdict/headline.ts";
import type { Slo } from "../verdict/slo.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { html, type Html } from "../../display/html.ts";
import { renderPage } from "../../display/page.ts";
import { figure, table } from "../../display/table.ts";
import { outermostLimit, searchPlot } from "./plots/search-plot.ts";
import { gatesSection } from "./sections/gates.ts";
import { setupSection } from "./sections/setup.ts";

export interface SearchReport {
  readonly name: string;
  readonly search: RateSearch;
  readonly slo: Slo;
  readonly verdict: Verdict;
}

/** One HTML page: the largest rate at which the objectives hold, and every window that was run for it. */
export function renderSearch({ name, search, slo, verdict }: SearchReport): string {
  const { windows, found } = search;
  const last = windows.at(-1);
  return renderPage({
    title: `${name}: largest rate`,
    header: opening({ name, search, verdict }),
    main: [
      verdict.gates.length > 0 && gatesSection(verdict),
      windowsSection(windows, slo),
      last !== undefined && setupSection(last.result),
    ],
    footer: html`<p>
      A rate holds when three windows in a row keep every objective, and is given up after two that
      do not. Windows in which the generator could not keep its schedule are run again and say
      nothing of the target.
    </p>`,
    hover: { time: { heads: [], rows: [] }, percentile: {} },
    figures: {
      name,
      found,
      outcome: verdict.outcome,
      windows: windows.map(({ perSecond, observation, result }) => ({
        perSecond,
        observation,
        p50Ms: result.latency.at(0.5),
        p99Ms: result.latency.at(0.99),
      })),
    },
  });
}

function opening({ name, search, verdict }: Omit<SearchReport, "slo">): Html {
  const { found, windows } = search;
  const { targets = [], method = "" } = windows[0]?.result.about ?? {};
  return html`<p class="over">Crossfade search for the largest rate</p>
    <div class="title">
      <h1>${name}</h1>
      <span class="badge ${verdict.outcome}">${headline(verdict)}</span>
    </div>
    <p class="about">
      <code>${method}</code> at <code>${targets.join(", ")}</code>; ${windows.length} windows
    </p>
    ${
      found === undefined &&
      html`<div class="banner partial" role="alert">
        <strong>PARTIAL: ${verdict.reasons.join("; ")}</strong>
        <p>The windows below are what is known.</p>
      </div>`
    }${
      found?.limitedBy === "generator" &&
      html`<div class="banner invalid" role="alert">
        <strong>The generator's limit, not the target's</strong>
        <p>${describeFound(found)}</p>
      </div>`
    }
    <dl class="tiles">
      <div class="tile">
        <dt>Largest rate at which all objectives hold</dt>
        <dd class="value">${found === undefined ? "–" : formatRate(found.perSecond)}</dd>
        <dd class="note">${found?.limitedBy !== "generator" && found && describeFound(found)}</dd>
      </div>
    </dl>`;
}

const words: Readonly<Record<Observation, Html>> = {
  holds: html`<span class="pass-text">✓ holds</span>`,
  fails: html`<span class="fail-text">✕ fails</span>`,
  invalid: html`<span class="invalid-text">? invalid</span>`,
};

function windowsSection(windows: readonly SearchWindow[], slo: Slo): Html {
  const rows = windows.map((window, at) => {
    const { perSecond, result, observation } = window;
    const { latency } = result;
    const { errors, shed } = failedShares(result);
    return [
      String(at + 1),
      formatRate(perSecond),
      formatDuration(result.tookMs),
      ...[0.5, 0.99, 0.999].map((share) =>
        latency.count === 0 ? "–" : formatMs(latency.at(share)),
      ),
      formatShare(errors + shed),
      words[observation],
      html`<span class="quiet">${whyOf(window)}</span>`,
    ];
  });
  const heads = ["Rate", "Length", "p50", "p99", "p99.9", "Failed"];
  const isPlotted = windows.some(({ result }) => result.latency.count > 0);
  const keys = [
    { look: "holds", name: "holds" },
    { look: "fails", name: "fails" },
    { look: "invalid", name: "invalid" },
  ];
  return html`<section id="search">
    <h2>Windows</h2>
    <p class="lead">In the order in which they ran, each a run of its own at one steady rate.</p>
    ${isPlotted && figure("Latency by rate", keys, searchPlot(windows, outermostLimit(slo)))}
    ${table(
      "Windows",
      [
        { head: "" },
        ...heads.map((head) => ({ head, kind: "num" as const })),
        { head: "Result" },
        { head: "", kind: "wide" },
      ],
      rows,
    )}
  </section>`;
}

function whyOf({ observation, verdict }: SearchWindow): string {
  if (observation === "holds") return "";
  const broken = verdict.gates.filter(({ outcome }) => outcome === "fail").map(explainGate);
  return [...verdict.reasons, ...broken].join("; ");
}
