import type { Case } from "./dataset.ts";

/** By user, oldest first. */
export type Sequences = ReadonlyMap<string, readonly string[]>;

export function addTo(sequences: Map<string, string[]>, user: string, item: string): void {
  const sequence = sequences.get(user);
  if (sequence === undefined) sequences.set(user, [item]);
  else sequence.push(item);
}

export interface Split {
  readonly cases: readonly Case[];
  readonly training: readonly (readonly string[])[];
  /** Users with too few items to be asked about. */
  readonly tooShort: number;
}

/** As SASRec and those after it do: the last item is the test, the one before it validation, the rest training. */
export function leaveLastOut(sequences: Sequences): Split {
  const cases: Case[] = [];
  const training: (readonly string[])[] = [];
  for (const [user, items] of sequences) {
    if (items.length < 3) {
      training.push(items);
      continue;
    }
    cases.push({ place: cases.length, user, sequence: items.slice(0, -1), target: items.at(-1)! });
    training.push(items.slice(0, -2));
  }
  return { cases, training, tooShort: sequences.size - cases.length };
}

export function distinctItems(sequences: Iterable<readonly string[]>): readonly string[] {
  return [...new Set([...sequences].flat())];
}
