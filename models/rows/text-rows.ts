import { readFile, stat } from "node:fs/promises";

/** A line of a file, for saying where something is wrong. */
export interface TextRow {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const maxFileBytes = 2 ** 29;

/** All lines of a file in UTF-8, each made when it is asked for. What keeps the file from being read goes to `problems`. */
export async function textRows(path: string, problems: string[]): Promise<Iterable<TextRow>> {
  const text = await textOf(path, problems);
  return text === undefined ? [] : rowsOf(text);
}

/** Without an empty one behind the last end of a line. */
export function* rowsOf(text: string): Generator<TextRow> {
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    yield { text: text.slice(at, end), line };
    at = end + 1;
  }
}

/** Undefined after telling why to `problems`. */
export async function textOf(path: string, problems: string[]): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size <= maxFileBytes)
      return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    problems.push(`${path} has ${size} bytes, at most ${maxFileBytes} are read`);
  } catch (error) {
    problems.push(whyUnread(path, error));
  }
  return undefined;
}

export function whyUnread(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `${path} is missing`;
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return `${path} is no UTF-8`;
  return `${path} cannot be read: ${(error as Error).message}`;
}
