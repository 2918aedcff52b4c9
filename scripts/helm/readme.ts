import { isMap, isScalar, parseDocument, type Pair, type YAMLMap } from "yaml";

interface Row {
  readonly key: string;
  readonly standard: string;
  readonly told: string;
}

/** The table of all values, from the comments in values.yaml that begin with "--". */
export function valuesTable(yaml: string): string {
  const rows = rowsOf(parseDocument(yaml).contents as YAMLMap, "");
  const lines = rows.map(
    ({ key, standard, told }) =>
      `| \`${key}\` | \`${standard}\` | ${told.replaceAll("|", "\\|")} |`,
  );
  return ["| key | default | what it is |", "| --- | --- | --- |", ...lines].join("\n");
}

/** A map with a comment of its own, and what is no map, has a row; of other maps what is in them. */
function rowsOf(map: YAMLMap, path: string): readonly Row[] {
  return map.items.flatMap((pair, i) => {
    const key = path + String((pair.key as { value: unknown }).value);
    const comment = commentOf(pair, i === 0 ? map.commentBefore : undefined);
    const { value } = pair;
    if (isMap(value) && value.items.length > 0 && comment === "") return rowsOf(value, `${key}.`);
    const standard = JSON.stringify(isScalar(value) ? value.value : (value as YAMLMap).toJSON());
    return [{ key, standard, told: comment }];
  });
}

/** The first key's comment is kept with its map. */
function commentOf({ key }: Pair, ofMap: string | null | undefined): string {
  const written = (key as { commentBefore?: string | null }).commentBefore ?? ofMap ?? "";
  const lines = written.split("\n").map((line) => line.trim());
  const first = lines.findIndex((line) => line.startsWith("--"));
  return first < 0 ? "" : lines.slice(first).join(" ").replace(/^-- /, "");
}

/** The chart's README: its text, and the table in the place of the marker. */
export function chartReadme(template: string, valuesYaml: string): string {
  return template.replace("<!-- values -->", () => valuesTable(valuesYaml));
}
