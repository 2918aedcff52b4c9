import { nearest } from "../../proto/nearest.ts";
import { wrong } from "../arguments/wrong.ts";

export interface FoundVerb<One> {
  readonly verb: One;
  /** What follows its name. */
  readonly args: readonly string[];
}

/** Verbs have one word or two; throws INVALID_ARGUMENT with the nearest for one that is not there. */
export function findVerb<One extends { readonly name: string }>(
  verbs: readonly One[],
  [first = "", second = "", ...rest]: readonly string[],
): FoundVerb<One> {
  const two = verbs.find(({ name }) => name === `${first} ${second}`);
  if (two !== undefined) return { verb: two, args: rest };
  const one = verbs.find(({ name }) => name === first);
  const args = second === "" ? rest : [second, ...rest];
  if (one !== undefined) return { verb: one, args };
  const names = verbs.map(({ name }) => name);
  const ofFirst = names.filter((name) => name.startsWith(`${first} `));
  if (ofFirst.length > 0) throw unknown(`${first} ${second}`.trim(), ofFirst);
  throw unknown(first, names);
}

function unknown(asked: string, names: readonly string[]): Error {
  const meant = nearest(asked, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  return wrong(`there is no verb "${asked}"; ${hint}`);
}
