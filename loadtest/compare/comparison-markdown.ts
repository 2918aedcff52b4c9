import { escapeMarkdown, markdownTable } from "../verdict/markdown-text.ts";
import type { Comparison } from "./comparison.ts";
import { concludeInWords, describeDifference } from "./describe-difference.ts";

/** For a pull request or a step summary. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { differences, names, notes, reasons } = comparison;
  const rows = differences.map((difference) => {
    const { name, a, b, change, interval, says } = describeDifference(difference);
    return [name, a, b, change, interval, says].map(escapeMarkdown);
  });
  const heads = ["", `a: ${names.a}`, `b: ${names.b}`, "b / a", "interval", ""];
  const table = markdownTable([heads.map(escapeMarkdown), ...rows], "lrrrrl");
  const sentences = [...reasons, ...notes].map((sentence) => `- ${escapeMarkdown(sentence)}`);
  return [
    `### ${escapeMarkdown(concludeInWords(comparison))}`,
    ...(sentences.length > 0 ? [sentences.join("\n")] : []),
    ...(rows.length > 0 ? [table] : []),
  ]
    .join("\n\n")
    .concat("\n");
}
