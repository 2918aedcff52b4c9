/** Who chose what. User u chose `chosen[offsets[u]]` to `chosen[offsets[u + 1] - 1]`, distinct, oldest first. */
export interface Interactions {
  readonly users: number;
  readonly items: number;
  readonly offsets: Int32Array;
  readonly chosen: Int32Array;
}

export interface InteractionCounts {
  readonly users: number;
  readonly items: number;
}

/** Asks each user once, in order. Throws an Error for an item that is none and for one chosen twice. */
export function collectInteractions(
  { users, items }: InteractionCounts,
  choicesOf: (user: number) => Int32Array,
): Interactions {
  const offsets = new Int32Array(users + 1);
  const chosenBy = new Int32Array(items).fill(-1);
  let chosen = new Int32Array(16 * users);
  let count = 0;
  for (let user = 0; user < users; user++) {
    const choices = choicesOf(user);
    for (const item of choices) {
      if (chosenBy[item] === undefined)
        throw new Error(`user ${user} chose item ${item} of ${items}`);
      if (chosenBy[item] === user)
        throw new Error(`user ${user} chose item ${item} twice; name it once`);
      chosenBy[item] = user;
    }
    if (count + choices.length > chosen.length) chosen = grown(chosen, count + choices.length);
    chosen.set(choices, count);
    count += choices.length;
    offsets[user + 1] = count;
  }
  return { users, items, offsets, chosen: chosen.slice(0, count) };
}

export function choicesOf({ offsets, chosen }: Interactions, user: number): Int32Array {
  return chosen.subarray(offsets[user], offsets[user + 1]);
}

/** How many users chose each item. */
export function popularityOf({ items, chosen }: Interactions): Float32Array {
  const counts = new Float32Array(items);
  for (const item of chosen) counts[item]! += 1;
  return counts;
}

function grown(chosen: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, 2 * chosen.length));
  larger.set(chosen);
  return larger;
}
