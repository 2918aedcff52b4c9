import { readLines } from "../../server/read-lines.ts";

/** A file of JSON, one object a line, that people or their programs wrote. */
export interface RowFile<Row> {
  readonly path: string;
  /** What a row looks like, for complaints. */
  readonly example: string;
  /** What is wrong goes to `problems`, and the result then means nothing. Fields that it does not know may be there. */
  readonly read: (fields: Fields, problems: string[]) => Row;
}

export type Fields = Readonly<Record<string, unknown>>;

const maxTold = 10;
const maxLineBytes = 64 * 2 ** 20;

/** Rows with the numbers of their lines; empty lines are none. Rejects, naming lines, when some are bad. */
export async function* readRows<Row>(
  { path, example, read }: RowFile<Row>,
  onProgress: (bytes: number) => void,
): AsyncGenerator<readonly [row: Row, line: number]> {
  const told: string[] = [];
  for await (const { text, number, bytes } of readLines(path, {
    lastLine: "whole",
    maxLineBytes,
  })) {
    onProgress(bytes);
    if (text?.trim() === "") continue;
    const problems: string[] = [];
    const fields = fieldsOf(text, problems);
    const row = fields && read(fields, problems);
    if (problems.length === 0) yield [row!, number];
    else told.push(`${path}:${number}: ${problems.join("; ")}`);
    if (told.length === maxTold) break;
  }
  if (told.length > 0) throw new Error(`${told.join("\n")}\nA row looks like ${example}`);
}

function fieldsOf(text: string | undefined, problems: string[]): Fields | undefined {
  if (text === undefined) {
    problems.push("the line is longer than 64 MiB");
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Fields;
    problems.push("it is no object");
  } catch (error) {
    problems.push(`it is no JSON: ${(error as Error).message}`);
  }
  return undefined;
}
