import { duplicateKeys } from "../../bundle/duplicate-keys.ts";
import { object, optional } from "../../bundle/shape.ts";
import type { TokenizerSettings } from "../settings.ts";
import { addedTokens } from "./added-tokens.ts";
import { normalizer, preTokenizer } from "./normalizer.ts";
import { anything, shown } from "./shapes.ts";
import { pairTemplate } from "./template.ts";
import { wordPieces } from "./vocabulary.ts";

const file = object({
  version: optional(anything),
  // How many tokens a name may have, and what pads them, is said by whoever serves the encoder.
  truncation: optional(anything),
  padding: optional(anything),
  added_tokens: addedTokens,
  normalizer,
  pre_tokenizer: preTokenizer,
  post_processor: pairTemplate,
  decoder: optional(anything),
  model: wordPieces,
});

const mostShown = 20;

/** Reads the text of a `tokenizer.json`. Throws an Error with everything that keeps it from being used. */
export function parseTokenizer(json: string): TokenizerSettings {
  const problems: string[] = [];
  const settings = read(parse(json, problems), json, problems);
  if (settings !== undefined && problems.length === 0) return settings;
  const more = problems.length - mostShown;
  throw new Error(
    [...problems.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
  );
}

function parse(json: string, problems: string[]): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    problems.push(`it is no JSON: ${(error as Error).message}`);
    return undefined;
  }
}

function read(value: unknown, json: string, problems: string[]): TokenizerSettings | undefined {
  if (problems.length > 0) return undefined;
  problems.push(...duplicateKeys(json).map((key) => `${shown(key)} is there twice`));
  const found = file(value, "", problems);
  if (problems.length > 0) return undefined;
  const { added_tokens: added, model, post_processor: pair } = found;
  problems.push(...disagreements(added, model.vocabulary));
  const ids = [
    ...added.map(({ id }) => id),
    ...pair.flatMap((piece) => (piece.kind === "ids" ? piece.ids : [])),
  ];
  return {
    normalizer: found.normalizer,
    wordPieces: model,
    addedTokens: added,
    pair,
    paddingId: paddingOf(found.padding, model.vocabulary),
    idCount: 1 + [...model.vocabulary.values(), ...ids].reduce((most, id) => Math.max(most, id), 0),
  };
}

function disagreements(
  added: TokenizerSettings["addedTokens"],
  vocabulary: ReadonlyMap<string, number>,
): string[] {
  return added.flatMap(({ content, id }) => {
    const known = vocabulary.get(content) ?? id;
    return known === id
      ? []
      : [`added_tokens: ${shown(content)} is ${id}, and ${known} in the vocabulary`];
  });
}

/** Any will do that the encoder has a vector for: nothing looks at it. */
function paddingOf(padding: unknown, vocabulary: ReadonlyMap<string, number>): number {
  const said = (padding as { readonly pad_id?: unknown } | null)?.pad_id;
  const known = [...vocabulary.values()];
  return typeof said === "number" && known.includes(said)
    ? said
    : (vocabulary.get("[PAD]") ?? known[0]!);
}
