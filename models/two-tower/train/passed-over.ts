import { choicesOf, type Interactions } from "./interactions.ts";

/** What users were shown and did not choose. User u passed over `passed[offsets[u]]` to `passed[offsets[u + 1] - 1]`. */
export interface PassedOver {
  readonly offsets: Int32Array;
  readonly passed: Int32Array;
}

/**
 * Asks for what each user was shown beside his choices; what he chose at some time he has not passed over.
 * Throws an Error for an item that is none.
 * @param shownTo May name items more than once.
 */
export function collectPassedOver(
  interactions: Interactions,
  shownTo: (user: number) => readonly number[],
): PassedOver {
  const { users, items } = interactions;
  const offsets = new Int32Array(users + 1);
  const passed: number[] = [];
  for (let user = 0; user < users; user++) {
    const left = new Set(shownTo(user));
    for (const item of choicesOf(interactions, user)) left.delete(item);
    for (const item of left) {
      if (!(item >= 0 && item < items))
        throw new Error(`user ${user} passed over item ${item} of ${items}`);
      passed.push(item);
    }
    offsets[user + 1] = passed.length;
  }
  return { offsets, passed: Int32Array.from(passed) };
}

export function passedNothing({ users }: Interactions): PassedOver {
  return { offsets: new Int32Array(users + 1), passed: new Int32Array(0) };
}
