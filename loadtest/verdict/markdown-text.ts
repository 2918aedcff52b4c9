/** One line of text that renders as itself: no markup, no HTML, no links, nobody mentioned. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll(/[\\`*_[\]|~]/g, String.raw`\$&`)
      .replace(/^[-+=#]/, String.raw`\$&`)
      .replace(/^(\d+)([.)])/, String.raw`$1\$2`)
      // GitHub looks for names and links in what was rendered; a comment parts them unseen.
      .replaceAll(/[@#](?=\w)/g, "$&<!-- -->")
      .replaceAll("://", ":<!-- -->//")
  );
}

/** Text in a code span, outside of tables: there a bar ends the cell. */
export function codeSpan(text: string): string {
  // Fenced by more backticks than follow each other inside.
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${longest > 0 ? " " : ""}${oneLine(text)}${longest > 0 ? " " : ""}${fence}`;
}

/** Of escaped cells. The first row is the head; `align` has an "l" or an "r" for each column. */
export function markdownTable(
  [head = [], ...rows]: readonly (readonly string[])[],
  align: string,
): string {
  const rule = Array.from(align, (side) => (side === "r" ? "--:" : ":--"));
  return [row(head), row(rule), ...rows.map(row)].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, " ").trim();
}
