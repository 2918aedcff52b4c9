import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { createNormalizer } from "./normalize.ts";
import { readTokenizer } from "./read/read-tokenizer.ts";
import { createTokenizer, maxNameBytes, type Tokenizer } from "./tokenizer.ts";

const folder = join(import.meta.dirname, "fixtures");
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as {
  readonly names: readonly (readonly [string, string])[];
  readonly normalizers: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Record<string, readonly (readonly number[])[]>>;
};

async function open(kind: string, maxTokens: number): Promise<Tokenizer> {
  return createTokenizer(await readTokenizer(join(folder, `${kind}.json`)), maxTokens);
}

function encode(tokenizer: Tokenizer, first: string | Uint8Array, second: string | Uint8Array) {
  const into = new Int32Array(tokenizer.maxTokens + 2).fill(-7);
  const names = { first: Buffer.from(first), second: Buffer.from(second) };
  const count = tokenizer.encodePair(names, into, 1);
  if (into[0] !== -7 || into.subarray(count + 1).some((untouched) => untouched !== -7))
    throw new Error("tokens were written where none belong");
  return [...into.subarray(1, count + 1)];
}

test.each(Object.keys(expected.tokens))(
  "%s tokens: what the package tokenizers says",
  async (name) => {
    const [kind, room] = name.split(" ");
    const tokenizer = await open(kind!, Number(room));
    const found = expected.names.map(([title, artist]) => ({
      title,
      artist,
      tokens: encode(tokenizer, title, artist),
    }));
    const wanted = expected.names.map(([title, artist], i) => ({
      title,
      artist,
      tokens: expected.tokens[name]![i],
    }));
    expect(found).toEqual(wanted);
  },
);

test.each([
  ["clean_text", "cleanText"],
  ["handle_chinese_chars", "handleChinese"],
  ["strip_accents", "stripAccents"],
  ["lowercase", "lowercase"],
])("every code point becomes what %s makes of it", (theirs, ours) => {
  const off = { cleanText: false, handleChinese: false, stripAccents: false, lowercase: false };
  const normalize = createNormalizer({ ...off, [ours]: true });
  const digest = createHash("sha256");
  let text = "";
  const [from, into] = [new Int32Array(1), new Int32Array(8)];
  for (let code = 0; code < 0x11_0000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    from[0] = code;
    const count = normalize(from, 1, into);
    for (let i = 0; i < count; i++) text += String.fromCodePoint(into[i]!);
    text += "\n";
    if (text.length < 65_536) continue;
    digest.update(text);
    text = "";
  }
  digest.update(text);
  expect(digest.digest("hex")).toBe(expected.normalizers[theirs]);
});

test("what comes behind the cap changes nothing, and no character is cut in halves", async () => {
  const tokenizer = await open("uncased", 64);
  const long = `love ${"é".repeat(maxNameBytes)}`;
  const cut = `love ${"é".repeat((maxNameBytes - 5 - 1) / 2)}`;
  expect(Buffer.byteLength(cut)).toBe(maxNameBytes - 1);
  expect(encode(tokenizer, long, "x".repeat(10_000_000))).toEqual(
    encode(tokenizer, cut, "x".repeat(maxNameBytes)),
  );
});

test("any bytes at all become tokens that the encoder knows, the same every time", async () => {
  const [tokenizer, other] = [await open("uncased", 24), await open("uncased", 24)];
  const random = new Random(3);
  const someBytes = () => Uint8Array.from({ length: random.below(40) }, () => random.below(256));
  const { idCount } = tokenizer.settings;
  for (let i = 0; i < 10_000; i++) {
    const [first, second] = [someBytes(), someBytes()];
    const tokens = encode(tokenizer, first, second);
    if (!tokens.every((token) => token >= 0 && token < 2 * idCount)) expect(tokens).toBe("known");
    if (!isDeepStrictEqual(encode(other, first, second), tokens))
      expect(encode(other, first, second)).toEqual(tokens);
  }
});

test("bytes that are no UTF-8 count as what Node puts in their place", async () => {
  const tokenizer = await open("raw", 24);
  for (const hex of [
    "61ff62",
    "61c062",
    "61e28262",
    "61eda08062",
    "61f4908080",
    "f0828282",
    "61e2",
  ]) {
    const bytes = Buffer.from(hex, "hex");
    expect(encode(tokenizer, bytes, ""), hex).toEqual(encode(tokenizer, bytes.toString(), ""));
  }
});

test("a replacement character that was written is one character", async () => {
  const tokenizer = await open("raw", 24);
  const three = encode(tokenizer, "\ufffd \ufffd \ufffd", "");
  expect(encode(tokenizer, "\ufffd", "")).toHaveLength(three.length - 2);
  expect(encode(tokenizer, "\ufffd\ufffd", "")).toEqual(encode(tokenizer, "\ufffe\ufffe", ""));
});

test("tokens must leave room for names", async () => {
  await expect(open("uncased", 4)).rejects.toThrow("4 tokens leave no room for names");
});
