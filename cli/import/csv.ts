/** One record of a file of comma- or tab-separated values. */
export interface CsvRecord {
  readonly values: readonly string[];
  /** Where it begins, from 1: quoted values may hold ends of lines. */
  readonly line: number;
}

/**
 * RFC 4180, and what is usual beside it: tabs where the first line has any, either end of line, a byte order mark. Empty lines are no
 * records. Throws an Error that names the line of a quote that does not end, or ends in the middle of a value.
 */
export function* readCsv(text: string): Generator<CsvRecord> {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const separator = firstLine(text).includes("\t") ? "\t" : ",";
  let [at, line] = [start, 1];
  while (at < text.length) {
    const values: string[] = [];
    const begin = line;
    for (let isMore = true; isMore;) {
      const found = text[at] === '"' ? quoted(text, at, line) : bare(text, at, separator);
      values.push(found.value);
      line += found.lines;
      at = found.end;
      isMore = text[at] === separator;
      if (isMore) at += 1;
    }
    if (at < text.length && text[at] !== "\n" && text[at] !== "\r")
      throw new Error(
        `line ${line}: something follows the quote that ends a value; write a quote inside one twice`,
      );
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line += 1;
    if (values.length > 1 || values[0] !== "") yield { values, line: begin };
  }
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

interface Found {
  readonly value: string;
  readonly end: number;
  /** Ends of lines inside it. */
  readonly lines: number;
}

function bare(text: string, at: number, separator: string): Found {
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r")
    end += 1;
  return { value: text.slice(at, end), end, lines: 0 };
}

function quoted(text: string, at: number, line: number): Found {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] === '"') continue;
    const value = text.slice(at + 1, end).replaceAll('""', '"');
    return { value, end: end + 1, lines: value.split("\n").length - 1 };
  }
  throw new Error(`line ${line}: a value begins with a quote that does not end`);
}
