import { deflateRawSync } from "node:zlib";
import { firstLetter } from "../../models/names/signs.ts";

const codePointCount = 0x110000;

/** Writes down what all code points fold to, as models/names/fold-table.ts reads it. */
export function encodeRuns(foldOf: (codePoint: number) => readonly number[]): string {
  const numbers: number[] = [];
  let behind = 0;
  for (const run of runsOf(foldOf)) {
    numbers.push(run.start - behind, run.length, ...run.codes);
    behind = run.start + run.length;
  }
  const bytes = Uint8Array.from(numbers.flatMap(leb128));
  return deflateRawSync(bytes, { level: 9 }).toString("base64");
}

interface Run {
  readonly start: number;
  length: number;
  /** The count and the codes, as they are written. */
  readonly codes: readonly number[];
}

function runsOf(foldOf: (codePoint: number) => readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let codePoint = 0; codePoint < codePointCount; codePoint++) {
    if (isLeftOut(codePoint)) continue;
    const folded = foldOf(codePoint);
    if (folded.length === 1 && folded[0] === codePoint) continue;
    const codes = writtenCodes(codePoint, folded);
    const last = runs.at(-1);
    const goesOn = last !== undefined && last.start + last.length === codePoint;
    if (goesOn && String(last.codes) === String(codes)) last.length += 1;
    else runs.push({ start: codePoint, length: 1, codes });
  }
  return runs;
}

/** Surrogates are no characters, and Hangul syllables come apart by arithmetic. */
function isLeftOut(codePoint: number): boolean {
  return codePoint >= 0xac00 && codePoint < 0xe000 && (codePoint <= 0xd7a3 || codePoint >= 0xd800);
}

function writtenCodes(codePoint: number, codes: readonly number[]): number[] {
  const [code] = codes;
  if (codes.length !== 1) return [codes.length, ...codes];
  if (code! < firstLetter) return [1, 2 * code! + 1];
  const difference = code! - codePoint;
  return [1, 2 * ((difference << 1) ^ (difference >> 31))];
}

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}
