import { Random } from "../random.ts";

/** Pieces of names: everyday text, notes on editions, scripts, and what breaks text handling. */
const pieces: readonly (readonly Buffer[])[] = [
  Array.from("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789"),
  Array.from("éèüßøłæœþđıİŉǅÅẞſ"),
  [
    " ",
    " - ",
    " – ",
    "(",
    ")",
    "[",
    "]",
    "/",
    ", ",
    "; ",
    "&",
    "+",
    "'",
    "’",
    '"',
    ".",
    "$",
    "!",
    "_",
    "-",
  ],
  [
    "feat. ",
    " ft ",
    " featuring ",
    " with ",
    "Live",
    "Remastered 2011",
    "Radio Edit",
    "The ",
    " and ",
    " x ",
    " n ",
  ],
  Array.from("МоскваЁйκόσμεΣσςἈ"),
  Array.from("مُحَمَّدשָׁלוֹםفیروزﷺ\u200f\u200e\u202e\u2067"),
  Array.from("日本語ガｶﾞ한국어ㅎ中文。、「」ー々"),
  Array.from("หมีकिशोरাংলাதமிழ்"),
  ["🔥", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇮", "👍🏿", "❤️", "1️⃣", "\u{1f9ff}", "™", "÷", "∞", "♥"],
  [
    "\u0301",
    "\u0308",
    "\u0489",
    "\u20dd",
    "\u3099",
    "\ufe0f",
    "\u200d",
    "\u200b",
    "\u00ad",
    "\ufeff",
  ],
  ["\0", "\t", "\n", "\r", "\u001b", "\u0085", "\u00a0", "\u2028", "\u3000"],
  Array.from("𝕋𝖍𝓮ﬁ②½Ⅷ℡㎏ＦＵＬＬ"),
  ["\u{10ffff}", "\ufffe", "\ufffd", "\ue000", "\u{e0041}", "\u{30000}", "\u0378"],
].map((texts) => texts.map((text) => Buffer.from(text)));

/** What no text has: lone and overlong bytes, surrogates, characters that are cut off. */
const malformed = [
  [0x80],
  [0xff],
  [0xfe],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x80, 0x80],
  [0xf0, 0x80, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0xf0, 0x9f],
].map((bytes) => Buffer.from(bytes));

const longNameBytes = 10_000;

/** A name like none that anybody thought of, the same for the same index. One in eight is no UTF-8, one in sixty has 10 kB. */
export function fuzzedName(index: number): Buffer {
  const random = new Random(index, 0x6e616d65);
  if (index % 97 === 0) return Buffer.alloc(0);
  if (index % 16 === 1) return randomBytes(random);
  // One kind of piece or all of them: a name of nothing but accents is one as well.
  const kinds = random.below(3) === 0 ? [pick(random, pieces)] : pieces;
  const isMalformed = index % 16 === 2;
  const isLong = index % 60 === 3;
  const aim = isLong ? 600 : random.below(48);
  const parts: Buffer[] = [];
  for (let bytes = 0; bytes < aim;) {
    const part =
      isMalformed && random.below(4) === 0
        ? pick(random, malformed)
        : pick(random, pick(random, kinds));
    parts.push(part);
    bytes += part.length;
  }
  const name = Buffer.concat(parts);
  return isLong ? Buffer.alloc(longNameBytes, name) : name;
}

function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(64) }, () => random.below(256)));
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]!;
}
