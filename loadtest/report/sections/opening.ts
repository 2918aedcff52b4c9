import { formatDuration } from "../../../display/figures.ts";
import type { RunResult } from "../../run-result.ts";
import { headline } from "../../verdict/headline.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { html, type Html } from "../../../display/html.ts";

/** The name of the run, its verdict, and whatever must be known before any figure is read. */
export function opening(result: RunResult, verdict: Verdict): Html {
  const { about, name } = result;
  return html`<p class="over">Crossfade load test</p>
    <div class="title">
      <h1>${name}</h1>
      <span class="badge ${verdict.outcome}">${headline(verdict)}</span>
    </div>
    <p class="about">
      <code>${about.method}</code> at
      ${about.targets.map((target, at) => html`${at > 0 && ", "}<code>${target}</code>`)}
    </p>
    <p class="about">
      ${about.schedule}, ${about.loop === "closed" ? "closed loop, send-based" : "open loop"};
      ${formatStart(result.startedAtMs)}, ${formatDuration(result.tookMs)}
    </p>
    ${banners(result, verdict)}`;
}

function banners({ invalid, ended, about }: RunResult, verdict: Verdict): Html {
  const isUnjudged = verdict.outcome === "invalid" && invalid.length === 0 && ended === undefined;
  return html`${
    invalid.length > 0 &&
    html`<div class="banner invalid" role="alert">
      <strong>INVALID: this run proves nothing</strong>
      <ul>
        ${invalid.map(({ message }) => html`<li>${message}</li>`)}
      </ul>
    </div>`
  }${
    ended !== undefined &&
    html`<div class="banner partial" role="alert">
      <strong>PARTIAL: ${ended.because}</strong>
      <p>The figures are of what was done until then.</p>
    </div>`
  }${
    isUnjudged &&
    html`<div class="banner invalid" role="alert">
      <strong>INVALID: not every objective could be judged</strong>
      <p>The table below says which, and why.</p>
    </div>`
  }${
    about.loop === "closed" &&
    html`<div class="banner note">
      <strong>Closed loop, send-based</strong>
      <p>
        Each stream sends when it was answered, so that a slow target gets fewer calls, and latency
        counts from when a call left. What callers wait while the target stalls does not show here.
      </p>
    </div>`
  }`;
}

function formatStart(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
