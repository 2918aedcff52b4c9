import { nearest } from "../../proto/nearest.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";
import { wrong } from "./wrong.ts";

export interface FoundVerb {
  readonly verb: Verb;
  /** What follows its name. */
  readonly args: readonly string[];
}

/** Verbs have one word or two; throws INVALID_ARGUMENT with the nearest for one that is not there. */
export function findVerb([first = "", second = "", ...rest]: readonly string[]): FoundVerb {
  const two = verbs.find(({ name }) => name === `${first} ${second}`);
  if (two !== undefined) return { verb: two, args: rest };
  const one = verbs.find(({ name }) => name === first);
  const args = second === "" ? rest : [second, ...rest];
  if (one !== undefined) return { verb: one, args };
  const seconds = verbs.flatMap(({ name }) => {
    const [own, other] = name.split(" ");
    return own === first && other !== undefined ? [other] : [];
  });
  if (seconds.length > 0)
    throw unknown(
      `${first} ${second}`.trim(),
      seconds.map((own) => `${first} ${own}`),
    );
  throw unknown(first, [...verbs.map(({ name }) => name), "set"]);
}

function unknown(asked: string, names: readonly string[]): Error {
  const meant = nearest(asked, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  return wrong(`there is no verb "${asked}"; ${hint}`);
}
