import { inflateRawSync } from "node:zlib";
import { foldRuns } from "./fold-runs.gen.ts";

/**
 * What each code point folds to, from a table in the tree: names fold alike on every machine, whatever Unicode its ICU knows.
 *
 * The table is a list of numbers (LEB128), one run of code points that fold alike after the other, ascending:
 *
 *     skip      code points since the run before, which stay as they are
 *     length    code points in the run
 *     count     how many codes each folds to; 0: it is dropped
 *     codes     of count 1: twice the code itself plus one, or twice its zigzag difference to the code point; else the codes
 *
 * Hangul syllables are not in it, for they come apart by arithmetic.
 */
export interface FoldTable {
  /** Where the page of a code point starts in `values`, by its upper bits. */
  readonly pages: Int32Array;
  /** 0: as it is; a code: that; below 0: minus where the count of its codes lies in `sequences`. */
  readonly values: Int32Array;
  /** The codes of each sequence lie behind their count. */
  readonly sequences: Int32Array;
}

const pageBits = 7;
const pageMask = 2 ** pageBits - 1;
const codePointCount = 0x110000;

const firstSyllable = 0xac00;
const [leads, vowels, trails] = [19, 21, 28];

export const foldTable: FoldTable = decodeTable();

/** The value of a code point as `FoldTable.values` has it. */
export function foldValue(codePoint: number): number {
  return foldTable.values[foldTable.pages[codePoint >>> pageBits]! + (codePoint & pageMask)]!;
}

/** What a code point folds to. */
export function foldedCodes(codePoint: number): number[] {
  const value = foldValue(codePoint);
  if (value >= 0) return [value || codePoint];
  const count = foldTable.sequences[-value]!;
  return Array.from(foldTable.sequences.subarray(1 - value, 1 - value + count));
}

function decodeTable(): FoldTable {
  const builder = createBuilder();
  const read = createNumbers(inflateRawSync(Buffer.from(foldRuns, "base64")));
  let at = 0;
  for (let skip = read(); skip >= 0; skip = read()) {
    at += skip;
    const end = at + read();
    const value = readCodes(read, builder.addSequence);
    for (; at < end; at++) builder.set(at, value(at));
  }
  addHangul(builder);
  return builder.build();
}

function readCodes(read: () => number, addSequence: (codes: number[]) => number) {
  const codes = Array.from({ length: read() }, read);
  if (codes.length !== 1) {
    const value = addSequence(codes);
    return () => value;
  }
  const code = codes[0]!;
  if (code % 2 === 1) return () => code >>> 1;
  const difference = (code >>> 2) ^ -((code >>> 1) & 1);
  return (codePoint: number) => codePoint + difference;
}

/** @returns Gives one number after the other, and -1 behind the last. */
function createNumbers(bytes: Uint8Array): () => number {
  let at = 0;
  return () => {
    if (at === bytes.length) return -1;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
}

type Builder = ReturnType<typeof createBuilder>;

function createBuilder() {
  const pages = new Int32Array(codePointCount >> pageBits);
  // The first page is that of all code points that stay.
  const values = Array.from({ length: pageMask + 1 }, () => 0);
  // Places are above 0.
  const sequences: number[] = [0];
  const known = new Map<string, number>();
  return {
    set: (codePoint: number, value: number): void => {
      const page = codePoint >>> pageBits;
      if (pages[page] === 0) {
        pages[page] = values.length;
        for (let i = 0; i <= pageMask; i++) values.push(0);
      }
      values[pages[page]! + (codePoint & pageMask)] = value;
    },
    addSequence: (codes: readonly number[]): number => {
      const at = known.get(String(codes)) ?? sequences.length;
      if (at === sequences.length) sequences.push(codes.length, ...codes);
      known.set(String(codes), at);
      return -at;
    },
    build: (): FoldTable => ({
      pages,
      values: Int32Array.from(values),
      sequences: Int32Array.from(sequences),
    }),
  };
}

/** The canonical decomposition of the Unicode standard, section 3.12. */
function addHangul({ set, addSequence }: Builder): void {
  for (let index = 0; index < leads * vowels * trails; index++) {
    const trail = index % trails;
    const codes = [
      0x1100 + Math.floor(index / (vowels * trails)),
      0x1161 + Math.floor((index % (vowels * trails)) / trails),
      ...(trail > 0 ? [0x11a7 + trail] : []),
    ];
    set(firstSyllable + index, addSequence(codes));
  }
}
