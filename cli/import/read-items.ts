import { readFile, stat } from "node:fs/promises";
import { idProblem, titleProblem, type IdType } from "../../models/catalogue/id-rules.ts";
import { readCsv, type CsvRecord } from "./csv.ts";

export interface ImportedItem {
  readonly id: string;
  readonly title: string;
  /** How often it was chosen. */
  readonly count: number;
}

export interface ItemFile {
  /** In the order of the model's ids. */
  readonly items: readonly ImportedItem[];
  readonly idType: IdType;
  /** Some item says how often it was chosen. */
  readonly hasCounts: boolean;
}

const maxFileBytes = 512 * 2 ** 20;
const maxTold = 10;

/** Rejects with every bad line, up to ten. */
export async function readItems(path: string, wanted: IdType | "auto"): Promise<ItemFile> {
  const { size } = await stat(path);
  if (size > maxFileBytes)
    throw new Error(`${path} has ${size.toLocaleString("en")} bytes, at most 512 MiB are read`);
  const [head, ...records] = recordsOf(await readFile(path, "utf8"), path);
  const columns = columnsOf(head, path);
  const rows = readRows(records, columns, path);
  const ordered = columns.index === undefined ? rows : inOrder(rows, path);
  const items = ordered.map(({ id, title, count }) => ({ id, title, count }));
  if (items.length === 0) throw new Error(`${path} has no items`);
  const { idType, problem } = typeOf(items, wanted);
  if (problem !== undefined) throw new Error(`${path}: ${problem}`);
  return { items, idType, hasCounts: items.some(({ count }) => count > 0) };
}

function recordsOf(text: string, path: string): readonly CsvRecord[] {
  try {
    return [...readCsv(text)];
  } catch (error) {
    throw new Error(`${path}, ${(error as Error).message}`, { cause: error });
  }
}

interface Columns {
  readonly id: number;
  readonly title: number | undefined;
  readonly count: number | undefined;
  readonly index: number | undefined;
}

function columnsOf(head: CsvRecord | undefined, path: string): Columns {
  const names = head?.values.map((name) => name.trim().toLowerCase()) ?? [];
  const at = (name: string) => (names.includes(name) ? names.indexOf(name) : undefined);
  const id = at("id");
  if (id !== undefined) return { id, title: at("title"), count: at("count"), index: at("index") };
  throw new Error(
    `${path} begins with ${JSON.stringify(head?.values.slice(0, 4) ?? [])}; its first line must name the columns: id,title,count or id,title,index, of which only id is needed, with commas or tabs between them`,
  );
}

interface Row extends ImportedItem {
  readonly index: number;
  readonly line: number;
}

function readRows(records: readonly CsvRecord[], columns: Columns, path: string): readonly Row[] {
  const told: string[] = [];
  const lines = new Map<string, number>();
  const rows = records.map(({ values, line }, order): Row => {
    const at = (column: number | undefined) => (column === undefined ? "" : (values[column] ?? ""));
    const [id, title] = [at(columns.id), at(columns.title)];
    const count = columns.count === undefined ? 0 : Number(at(columns.count));
    const index = columns.index === undefined ? order : Number(at(columns.index) || Number.NaN);
    const first = lines.get(id);
    lines.set(id, first ?? line);
    const problems = [
      idProblem(id) ?? titleProblem(id, title),
      first === undefined
        ? undefined
        : `the id ${JSON.stringify(id)} is that of line ${first} already`,
      count >= 0 && count < Infinity
        ? undefined
        : `the count is "${at(columns.count)}", no number from 0`,
      Number.isSafeInteger(index) && index >= 0
        ? undefined
        : `the index is "${at(columns.index)}", no whole number from 0`,
    ].filter((problem) => problem !== undefined);
    if (problems.length > 0) told.push(`${path}:${line}: ${problems.join("; ")}`);
    return { id, title, count, index, line };
  });
  if (told.length === 0) return rows;
  const more = told.length > maxTold ? `\nand ${told.length - maxTold} lines more` : "";
  throw new Error(`${told.slice(0, maxTold).join("\n")}${more}`);
}

/** By the column that says so: every number once, from whichever is the first. */
function inOrder(rows: readonly Row[], path: string): readonly Row[] {
  const ordered = rows.toSorted((a, b) => a.index - b.index);
  const first = ordered[0]?.index ?? 0;
  const wrong = ordered.find(({ index }, at) => index !== first + at);
  if (wrong === undefined) return ordered;
  const at = ordered.indexOf(wrong);
  const problem =
    ordered[at - 1]?.index === wrong.index
      ? `the index ${wrong.index} is that of line ${ordered[at - 1]!.line} already`
      : `no line has the index ${first + at}; give every id of the model a line`;
  throw new Error(`${path}:${wrong.line}: ${problem}`);
}

function typeOf(items: readonly ImportedItem[], wanted: IdType | "auto") {
  if (wanted === "string") return { idType: wanted };
  const other = items.find(({ id }) => idProblem(id, "int") !== undefined);
  if (other === undefined) return { idType: "int" as const };
  if (wanted === "auto") return { idType: "string" as const };
  return {
    idType: wanted,
    problem: `--id-type is int, and ${JSON.stringify(other.id)} is no number`,
  };
}
