import { html, type Html } from "../../display/html.ts";
import { renderPage } from "../../display/page.ts";
import { table } from "../../display/table.ts";
import type { JudgedGate } from "../gates/judge-gates.ts";
import type { EvalResult } from "../result.ts";
import {
  describeLabels,
  describeQuestion,
  describeSide,
  howItCounts,
  standingsOfAll,
} from "./describe.ts";
import { fewestUsers } from "../statistics/standings.ts";
import { formatFigure } from "./figures.ts";
import { partSection } from "./part-section.ts";

/** One HTML page: the figures, how sure they are, and what they are beside. */
export function renderEval(result: EvalResult, gates: readonly JudgedGate[]): string {
  const { parts, sides } = result;
  return renderPage({
    title: `${sides[0]?.name ?? ""}: ${result.dataset.name}, ${result.protocol}`,
    header: opening(result, gates),
    main: [
      gateSection(gates),
      standingsSection(result),
      parts.map(partSection),
      sidesSection(result),
    ],
    footer: html`<p>${howItCounts.map((sentence) => html`${sentence} `)}</p>`,
    hover: { time: { heads: [], rows: [] }, percentile: {} },
    figures: { ...result, gates },
  });
}

function opening(result: EvalResult, gates: readonly JudgedGate[]): Html {
  const { invalid, warnings, sides, dataset, started } = result;
  const outcome = outcomeOf(result, gates);
  return html`<p class="over">Crossfade evaluation</p>
    <div class="title">
      <h1>${sides.map(({ name }) => name).join(", ")}</h1>
      ${outcome && html`<span class="badge ${outcome}">${outcome.toUpperCase()}</span>`}
    </div>
    <p class="about">${describeQuestion(result)}; ${started}</p>
    ${
      invalid.length > 0 &&
      html`<div class="banner invalid" role="alert">
        <strong>INVALID: these figures prove nothing</strong>
        <ul>
          ${invalid.map((reason) => html`<li>${reason}</li>`)}
        </ul>
      </div>`
    }${
      warnings.length > 0 &&
      html`<div class="banner partial">
        <strong>Be careful with these figures</strong>
        <ul>
          ${warnings.map((warning) => html`<li>${warning}</li>`)}
        </ul>
      </div>`
    }
    <ul class="notes">
      ${dataset.notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
}

/** Without gates nothing was asked for that could be met. */
function outcomeOf({ invalid }: EvalResult, gates: readonly JudgedGate[]): string | undefined {
  if (invalid.length > 0) return "invalid";
  if (gates.length === 0) return undefined;
  return gates.every(({ isMet }) => isMet) ? "pass" : "fail";
}

function gateSection(gates: readonly JudgedGate[]): Html | false {
  if (gates.length === 0) return false;
  const rows = gates.map(({ gate, who, value, isMet }) => [
    gate,
    who,
    formatFigure(value),
    html`<span class="${isMet ? "pass-text" : "fail-text"}">${isMet ? "met" : "not met"}</span>`,
  ]);
  return html`<section id="gates">
    <h2>What was asked for</h2>
    ${table(
      "Gates",
      [{ head: "Gate" }, { head: "Of" }, { head: "It is", kind: "num" }, { head: "" }],
      rows,
    )}
  </section>`;
}

function standingsSection(result: EvalResult): Html | false {
  const standings = standingsOfAll(result);
  if (standings.length === 0) return false;
  const rows = standings.map(({ rival, cells, above, surelyAbove, notAbove }) => [
    rival,
    cells,
    above,
    surelyAbove,
    notAbove.join("; "),
  ]);
  return html`<section id="standings">
    <h2>Beside what needs no model</h2>
    <p class="lead">
      A cell is a metric of a group of at least ${fewestUsers} users. ${result.sides[0]!.name} is
      above by its mean; surely, when all of the interval of the paired difference is.
    </p>
    ${table(
      "Beside what needs no model",
      [
        { head: "" },
        { head: "Cells", kind: "num" },
        { head: "Above", kind: "num" },
        { head: "Surely", kind: "num" },
        { head: "Not in", kind: "wide" },
      ],
      rows,
    )}
  </section>`;
}

function sidesSection({ sides }: EvalResult): Html {
  const rows = sides.map((side) => [side.name, describeSide(side), describeLabels(side)]);
  return html`<section id="sides">
    <h2>Who answered</h2>
    <p class="lead">As the replies say it of themselves.</p>
    ${table(
      "Who answered",
      [{ head: "" }, { head: "Model", kind: "wide" }, { head: "Replies", kind: "wide" }],
      rows,
    )}
  </section>`;
}
