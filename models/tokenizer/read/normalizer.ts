import { object, optional, type Shape } from "../../bundle/shape.ts";
import type { NormalizerSettings } from "../normalize.ts";
import { anything, flag, nullable, ofType } from "./shapes.ts";

const bert = object({
  type: anything,
  clean_text: flag,
  handle_chinese_chars: flag,
  strip_accents: nullable(flag),
  lowercase: flag,
});

export const normalizer: Shape<NormalizerSettings> = ofType({
  BertNormalizer: (value, at, problems) => {
    const read = bert(value, at, problems);
    return {
      cleanText: read.clean_text,
      handleChinese: read.handle_chinese_chars,
      // Nothing said: together with case.
      stripAccents: read.strip_accents ?? read.lowercase,
      lowercase: read.lowercase,
    };
  },
});

export const preTokenizer: Shape<unknown> = ofType({
  BertPreTokenizer: object({ type: optional(anything) }),
});
