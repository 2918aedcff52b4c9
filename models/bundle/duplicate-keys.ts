/**
 * Keys that one object of a JSON text has twice, by path. `JSON.parse` keeps the last of them in silence, so two readers
 * of one file could see different values. The text must be valid JSON.
 */
export function duplicateKeys(json: string): readonly string[] {
  const duplicates: string[] = [];
  // One entry per open object or array: the keys seen so far, and the path of the value being read.
  const open: { readonly seen: Set<string> | undefined; readonly at: string; key: string }[] = [];
  for (const [token] of json.matchAll(tokens)) {
    const top = open.at(-1);
    if (token === "{" || token === "[") {
      open.push({ seen: token === "{" ? new Set() : undefined, at: pathOf(top), key: "" });
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (top?.seen !== undefined && token.endsWith(":")) {
      top.key = JSON.parse(token.slice(0, -1)) as string;
      if (top.seen.has(top.key)) duplicates.push(pathOf(top));
      top.seen.add(top.key);
    }
  }
  return duplicates;
}

/** Brackets, and strings with the colon that makes one a key. */
const tokens = /[{}[\]]|"(?:[^"\\]|\\.)*"\s*:?/g;

function pathOf(level: { readonly at: string; readonly key: string } | undefined): string {
  if (level === undefined) return "";
  return level.at === "" || level.key === "" ? level.at + level.key : `${level.at}.${level.key}`;
}
