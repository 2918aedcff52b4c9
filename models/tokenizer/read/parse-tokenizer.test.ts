import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../random.ts";
import { parseTokenizer } from "./parse-tokenizer.ts";
import { readTokenizer } from "./read-tokenizer.ts";

const path = join(import.meta.dirname, "..", "fixtures", "uncased.json");
const good = readFileSync(path, "utf8");

type Json = Record<string, unknown>;

/** A good tokenizer with one place of it changed. */
function changed(...[at, value]: readonly [string, unknown]): string {
  const file = JSON.parse(good) as Json;
  const keys = at.split(".");
  let place = file;
  for (const key of keys.slice(0, -1)) place = place[key] as Json;
  if (value === undefined) delete place[keys.at(-1)!];
  else place[keys.at(-1)!] = value;
  return JSON.stringify(file);
}

test("a good one is read", () => {
  const { normalizer, wordPieces, idCount, paddingId, pair } = parseTokenizer(good);
  expect(normalizer).toEqual({
    cleanText: true,
    handleChinese: true,
    stripAccents: true,
    lowercase: true,
  });
  expect(wordPieces).toMatchObject({ prefix: "##", maxWordChars: 100, unknownId: 1 });
  expect([idCount, paddingId, pair.length]).toEqual([wordPieces.vocabulary.size, 0, 5]);
});

test("BertProcessing says the same as its template", () => {
  const old = { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] };
  expect(parseTokenizer(changed("post_processor", old)).pair).toEqual(parseTokenizer(good).pair);
});

test("a model of the time before types is WordPiece", () => {
  expect(parseTokenizer(changed("model.type", undefined))).toEqual(parseTokenizer(good));
});

test.each([
  [
    "model",
    { type: "BPE", vocab: {}, merges: [] },
    'model: only WordPiece is understood, and it is "BPE"',
  ],
  ["normalizer", null, "normalizer: only BertNormalizer is understood, and it is null"],
  ["normalizer.strip_accents", "yes", 'normalizer.strip_accents: must be true or false, got "yes"'],
  [
    "pre_tokenizer",
    { type: "ByteLevel" },
    'pre_tokenizer: only BertPreTokenizer is understood, and it is "ByteLevel"',
  ],
  [
    "post_processor",
    null,
    "post_processor: only TemplateProcessing and BertProcessing is understood",
  ],
  [
    "post_processor.special_tokens",
    {},
    'post_processor.pair[0]: the special token "[CLS]" has no ids',
  ],
  [
    "post_processor.pair",
    [],
    "post_processor.pair: must have the first name once, it has it 0 times",
  ],
  [
    "post_processor.pair",
    [{ Sequence: { id: "A", type_id: 2 } }],
    "type_id: must be 0 or 1, it is 2",
  ],
  [
    "post_processor.pair",
    [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    "post_processor.pair: has no special token",
  ],
  ["model.unk_token", "nobody", 'model.unk_token: "nobody" is not in the vocabulary'],
  ["model.vocab", {}, "model.vocab: has 0 tokens"],
  ["model.vocab", ["a"], "model.vocab: must be an object of ids by token, it is a list"],
  ["model.vocab.!", -1, 'the id of "!" is -1, no whole number from 0 to 16777215'],
  ["model.vocab.!", 1e9, 'the id of "!" is 1000000000'],
  ["model.vocab.!", 1, '"[UNK]" and "!" have the same id 1'],
  [
    "model.max_input_chars_per_word",
    0,
    "model.max_input_chars_per_word: must be a whole number from 1",
  ],
  ["model.dropout", 0.1, "model.dropout: is not known"],
  ["added_tokens.0.lstrip", true, 'added_tokens[0]: "[PAD]" is lstrip, which is not understood'],
  ["added_tokens.0.content", "", "added_tokens[0]: its content is empty"],
  ["added_tokens.0.id", 7, 'added_tokens: "[PAD]" is 7, and 0 in the vocabulary'],
  ["added_tokens", undefined, "added_tokens: must be a list"],
  ["surprise", 1, "surprise: is not known"],
])("%s as %j is refused", (at, value, problem) => {
  expect(() => parseTokenizer(changed(at, value))).toThrow(problem);
});

test("every problem is told at once, up to twenty", () => {
  const file = JSON.parse(good) as { model: { vocab: Json }; normalizer: Json };
  file.normalizer["lowercase"] = 1;
  for (const token of Object.keys(file.model.vocab).slice(5, 35)) file.model.vocab[token] = "x";
  const attempt = () => parseTokenizer(JSON.stringify(file));
  expect(attempt).toThrow("normalizer.lowercase");
  expect(attempt).toThrow("and 11 more");
});

test.each([
  ["nothing", "", "it is no JSON"],
  ["a list", "[]", "must be an object"],
  ["depth", "[".repeat(100_000) + "]".repeat(100_000), "must be an object"],
  ["a key twice", good.replace('"!":5', '"!":5,"!":6'), '"model.vocab.!" is there twice'],
])("%s is refused", (_name, json, problem) => {
  expect(() => parseTokenizer(json)).toThrow(problem);
});

test("damaged files are read or refused with a reason, never anything else", () => {
  const random = new Random(11);
  const pieces = ["null", "-1", '"x"', "{", "]", "true", "1e400", '"type":"x"', "[[]]", ","];
  for (let i = 0; i < 300; i++) {
    const from = random.below(good.length);
    const damaged =
      good.slice(0, from) + pieces[i % pieces.length] + good.slice(from + random.below(30));
    try {
      expect(parseTokenizer(damaged).idCount).toBeGreaterThan(0);
    } catch (error) {
      expect(error).not.toBeInstanceOf(TypeError);
      expect((error as Error).message).not.toBe("");
    }
  }
});

test("a file is named with what is wrong with it", async () => {
  await expect(readTokenizer(join(import.meta.dirname, "nowhere.json"))).rejects.toThrow(
    "nowhere.json cannot be read",
  );
  await expect(readTokenizer(import.meta.filename)).rejects.toThrow(
    "parse-tokenizer.test.ts is no tokenizer that can be used",
  );
});
