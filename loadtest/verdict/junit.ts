import type { RunResult } from "../run-result.ts";
import { describeGate, explainGate } from "./describe-gate.ts";
import { escapeXml } from "../../display/escape-xml.ts";
import type { Gate, Verdict } from "./verdict.ts";

interface Case {
  readonly name: string;
  /** "error": it proves nothing. */
  readonly fault?: { readonly kind: "failure" | "error"; readonly message: string };
}

/** JUnit XML as CI systems read it: a test case for the run itself and one for each gate. */
export function junitOf(verdict: Verdict, result: RunResult): string {
  const cases = [runCase(verdict), ...verdict.gates.map(gateCase)];
  const count = (kind: string) => cases.filter(({ fault }) => fault?.kind === kind).length;
  const totals = attributes({
    name: `crossfade loadtest ${result.name}`,
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    time: (result.tookMs / 1_000).toFixed(3),
  });
  const timestamp = new Date(result.startedAtMs).toISOString().slice(0, 19);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${totals}>
  <testsuite ${totals} timestamp="${timestamp}">
${cases.map((one) => caseXml(one, result.name)).join("\n")}
  </testsuite>
</testsuites>
`;
}

function runCase({ outcome, reasons }: Verdict): Case {
  const name = "the run is valid and complete";
  if (reasons.length === 0) return { name };
  const kind = outcome === "fail" ? "failure" : "error";
  return { name, fault: { kind, message: reasons.join("\n") } };
}

function gateCase(gate: Gate): Case {
  const { name, limit } = describeGate(gate);
  const titled = `${name} ${limit}`;
  if (gate.outcome === "pass") return { name: titled };
  const kind = gate.outcome === "fail" ? "failure" : "error";
  return { name: titled, fault: { kind, message: explainGate(gate) } };
}

function caseXml({ name, fault }: Case, run: string): string {
  const head = `    <testcase ${attributes({ classname: `loadtest.${run}`, name })}`;
  if (fault === undefined) return `${head}/>`;
  const { kind, message } = fault;
  return `${head}>
      <${kind} ${attributes({ message })}>${escapeXml(message)}</${kind}>
    </testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value))}"`)
    .join(" ");
}
