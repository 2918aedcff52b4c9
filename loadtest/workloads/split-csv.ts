/** Records of cells (RFC 4180): cells may be quoted, and quoted ones hold commas, line breaks and doubled quotes. */
export function splitCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  // A cell, and what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/gy;
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  cell.lastIndex = start;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (found === null) throw new Error(`a quote is out of place ${describe(text, at)}`);
    const [, quoted, plain = "", end] = found;
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") {
      // The last cell of all may be empty.
      if (cell.lastIndex === text.length) record.push("");
      else continue;
    }
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
  }
  if (record.length > 0) records.push(record);
  return records;
}

function describe(text: string, at: number): string {
  const line = text.slice(0, at).split("\n").length;
  return `on line ${line}: ${JSON.stringify(text.slice(at, at + 30))}`;
}
