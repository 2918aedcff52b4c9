import { Random } from "../../models/random.ts";
import {
  collectInteractions,
  type Interactions,
} from "../../models/two-tower/train/interactions.ts";
import { collectPassedOver, type PassedOver } from "../../models/two-tower/train/passed-over.ts";
import type { Choices } from "./gather-choices.ts";

export interface Trainable {
  readonly userIds: readonly string[];
  readonly interactions: Interactions;
  readonly passedOver: PassedOver;
}

/**
 * Users in an order of chance: the last ones are kept from the training to measure newcomers by, and must be like the
 * others and not those who came last.
 */
export function toInteractions({ users }: Choices, items: number, seed: number): Trainable {
  const known = [...users].filter(([, { chosen }]) => chosen.size > 0);
  shuffle(known, new Random(seed, -2));
  const interactions = collectInteractions({ users: known.length, items }, (user) =>
    Int32Array.from(known[user]![1].chosen),
  );
  const passedOver = collectPassedOver(interactions, (user) => known[user]![1].shown);
  return { userIds: known.map(([id]) => id), interactions, passedOver };
}

function shuffle(values: unknown[], random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [values[i], values[other]] = [values[other]!, values[i]!];
  }
}
