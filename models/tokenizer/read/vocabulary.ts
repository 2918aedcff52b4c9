import { number, object, optional, type Shape } from "../../bundle/shape.ts";
import type { WordPieceSettings } from "../word-pieces.ts";
import { anything, ofType, shown } from "./shapes.ts";

/** So that an id and a type share a number. */
export const maxId = 2 ** 24 - 1;
const maxTokens = 1_000_000;
const maxTokenChars = 1_000;
/** Names are cut long before: no word has more characters. */
const maxWordChars = 1_000_000;

const vocabulary: Shape<ReadonlyMap<string, number>> = (value, at, problems) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`${at}: must be an object of ids by token, it is ${shown(value)}`);
    return new Map();
  }
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  if (entries.length === 0 || entries.length > maxTokens)
    problems.push(`${at}: has ${entries.length} tokens; 1 to ${maxTokens} are read`);
  if (entries.length > maxTokens) return new Map();
  const tokenOf = new Map<unknown, string>();
  for (const [token, id] of entries) {
    if (!isId(id))
      problems.push(
        `${at}: the id of ${shown(token)} is ${shown(id)}, no whole number from 0 to ${maxId}`,
      );
    else if (tokenOf.has(id))
      problems.push(`${at}: ${shown(tokenOf.get(id))} and ${shown(token)} have the same id ${id}`);
    tokenOf.set(id, token);
    if (token.length > maxTokenChars)
      problems.push(
        `${at}: ${shown(token)} has ${token.length} characters; at most ${maxTokenChars} are read`,
      );
  }
  return new Map(entries as [string, number][]);
};

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= maxId;
}

export const id: Shape<number> = number({ min: 0, max: maxId, whole: true });

export const someText: Shape<string> = (value, at, problems) => {
  if (typeof value !== "string" || value.length > maxTokenChars)
    problems.push(
      `${at}: must be a text of at most ${maxTokenChars} characters, it is ${shown(value)}`,
    );
  return String(value);
};

const wordPiece = object({
  type: optional(anything),
  unk_token: someText,
  continuing_subword_prefix: someText,
  max_input_chars_per_word: number({ min: 1, max: maxWordChars, whole: true }),
  vocab: vocabulary,
});

const ofThisType: Shape<WordPieceSettings> = (value, at, problems) => {
  const model = wordPiece(value, at, problems);
  const unknownId = model.vocab?.get(model.unk_token);
  if (unknownId === undefined && model.vocab !== undefined)
    problems.push(`${at}.unk_token: ${shown(model.unk_token)} is not in the vocabulary`);
  return {
    vocabulary: model.vocab,
    unknownId: unknownId ?? 0,
    prefix: model.continuing_subword_prefix,
    maxWordChars: model.max_input_chars_per_word,
  };
};

const typed = ofType({ WordPiece: ofThisType });

/** Files of 2020, those of the first DistilBERT among them, do not say a type; only WordPiece limits its words. */
export const wordPieces: Shape<WordPieceSettings> = (value, at, problems) => {
  const isOld =
    typeof value === "object" &&
    value !== null &&
    !("type" in value) &&
    "max_input_chars_per_word" in value;
  return (isOld ? ofThisType : typed)(value, at, problems);
};
