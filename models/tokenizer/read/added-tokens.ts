import { list, object, type Shape } from "../../bundle/shape.ts";
import type { AddedToken } from "../settings.ts";
import { flag, shown } from "./shapes.ts";
import { id, someText } from "./vocabulary.ts";

const maxAdded = 1_000;

const raw = object({
  id,
  content: someText,
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
});

const unknownWays = ["single_word", "lstrip", "rstrip", "normalized"] as const;

export const addedTokens: Shape<readonly AddedToken[]> = (value, at, problems) =>
  list((one, at, problems) => {
    const token = raw(one, at, problems);
    for (const way of unknownWays)
      if (token[way])
        problems.push(`${at}: ${shown(token.content)} is ${way}, which is not understood`);
    if (token.content === "") problems.push(`${at}: its content is empty`);
    return { content: token.content, id: token.id };
  }, maxAdded)(value, at, problems);
