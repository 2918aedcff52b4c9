import { plainLine } from "../verdict/plain-line.ts";
import { textTable } from "../../display/text-table.ts";
import { concludeInWords, describeDifference } from "./describe-difference.ts";
import type { Comparison } from "./comparison.ts";

/** What a terminal shows when a comparison has ended. */
export function comparisonLines(comparison: Comparison): string[] {
  const { names, runs, notes, reasons } = comparison;
  const rows = comparison.differences.map((difference) => {
    const { name, a, b, change, interval, says } = describeDifference(difference);
    return [name, a, b, change, interval, says];
  });
  const heads = ["", `a: ${names.a}`, `b: ${names.b}`, "b / a", "interval"].map(plainLine);
  const columns = [...heads.map((head) => ({ head, align: "right" }) as const), { head: "" }];
  const table = textTable([{ head: "" }, ...columns.slice(1)], rows);
  return [
    `${runs.length} runs in turns; all intervals hold together with 95%`,
    ...(rows.length > 0 ? ["", ...table] : []),
    ...(notes.length > 0 ? ["", ...notes.map((note) => `note: ${plainLine(note)}`)] : []),
    "",
    ...reasons.map((reason) => `${comparison.outcome}: ${plainLine(reason)}`),
    plainLine(concludeInWords(comparison)),
  ];
}
