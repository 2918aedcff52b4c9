import { describeGate } from "../../verdict/describe-gate.ts";
import type { Outcome, Verdict } from "../../verdict/verdict.ts";
import { html, type Html } from "../../../display/html.ts";
import { table } from "../../../display/table.ts";

const words: Readonly<Record<Outcome, string>> = {
  pass: "✓ pass",
  fail: "✕ fail",
  invalid: "? not judged",
};

export function gatesSection({ gates }: Verdict): Html {
  const rows = gates.map((gate) => {
    const { name, limit, found, outcome, note } = describeGate(gate);
    const aside = note || gate.objective.where;
    return [
      html`${name}<small>${aside}</small>`,
      limit,
      found,
      html`<span class="${outcome}-text">${words[outcome]}</span>`,
    ];
  });
  return html`<section id="objectives">
    <h2>Objectives</h2>
    <p class="lead">What slo.yaml asks for, and what this run shows of it.</p>
    ${table(
      "Objectives",
      [
        { head: "Objective" },
        { head: "Asked for" },
        { head: "Found", kind: "num" },
        { head: "Result" },
      ],
      rows,
    )}
  </section>`;
}
