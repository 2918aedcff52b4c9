import { open } from "node:fs/promises";
import { extname } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";
import { splitCsv } from "./split-csv.ts";
import type { Row } from "./template.ts";

const maxBytes = 256 * 1024 * 1024;
const maxRows = 1_000_000;

/** Rows of a .csv with a header line, a .jsonl (an object a line) or a .json (a list of objects). */
export async function readRows(file: string): Promise<readonly Row[]> {
  const text = await readText(file);
  const rows = parseRows(file, text);
  if (rows.length === 0) throw refused(file, "there are no rows in it");
  if (rows.length > maxRows) throw refused(file, `it has over ${maxRows} rows`);
  return rows;
}

/** Capped: the rest of a file that is too long is not read. */
async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > maxBytes) throw new Error(`it has ${size} bytes, over ${maxBytes}`);
    return await handle.readFile("utf8");
  } catch (error) {
    throw refused(file, (error as Error).message, error);
  }
}

function parseRows(file: string, text: string): readonly Row[] {
  switch (extname(file).toLowerCase()) {
    case ".csv":
      return fromCsv(file, text);
    case ".jsonl":
    case ".ndjson":
      return text.split("\n").flatMap((line, i) => {
        if (line.trim() === "") return [];
        return [asRow(parseJson(line, `${file}:${i + 1}`), `${file}:${i + 1}`)];
      });
    case ".json": {
      const list = parseJson(text, file);
      if (!Array.isArray(list)) throw refused(file, "it must be a list of objects");
      return list.map((row, i) => asRow(row, `${file}[${i}]`));
    }
    default:
      throw refused(file, "its name must end with .csv, .jsonl or .json");
  }
}

function fromCsv(file: string, text: string): readonly Row[] {
  const [header = [], ...lines] = splitCsv(text);
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw refused(file, `its header names ${JSON.stringify(twice)} twice`);
  return lines.map((cells, i) => {
    if (cells.length !== header.length)
      throw refused(
        file,
        `record ${i + 2} has ${cells.length} cells, the header has ${header.length}`,
      );
    return Object.fromEntries(header.map((name, column) => [name, cells[column]!]));
  });
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(where, (error as Error).message, error);
  }
}

function asRow(value: unknown, where: string): Row {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Row;
  throw refused(where, `an object is wanted, got ${JSON.stringify(value).slice(0, 60)}`);
}

function refused(where: string, problem: string, cause?: unknown): ServingError {
  return new ServingError("INVALID_ARGUMENT", `cannot read the data in ${where}: ${problem}`, {
    cause,
  });
}
