/** What a PromQL expression names. Whether it parses is promtool's to say. */
export interface Named {
  readonly metrics: ReadonlySet<string>;
  /** Of matchers and groupings. */
  readonly labels: ReadonlySet<string>;
}

const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const strings = /"(?:[^"\\]|\\.)*"/g;
const matchers = /\{([^}]*)\}/g;
const rangesAndOffsets = /\[[^\]]*\]|\boffset\s+\w+/g;
/** No function and no keyword: those are followed by a parenthesis, or listed. */
const identifiers = /(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:])(?!\s*\()/g;
const keywords = new Set(["and", "or", "unless", "bool", "inf", "nan"]);

export function namedIn(expression: string): Named {
  const labels = new Set<string>();
  const rest = expression
    .replaceAll(strings, '""')
    .replaceAll(rangesAndOffsets, "")
    .replaceAll(grouping, (_, list: string) => {
      for (const label of list.split(",")) if (label.trim() !== "") labels.add(label.trim());
      return "";
    })
    .replaceAll(matchers, (_, list: string) => {
      for (const [label] of list.matchAll(/\w+(?=\s*[=!])/g)) labels.add(label);
      return "";
    });
  const names = Array.from(rest.matchAll(identifiers), ([name]) => name);
  return { metrics: new Set(names.filter((name) => !keywords.has(name.toLowerCase()))), labels };
}
