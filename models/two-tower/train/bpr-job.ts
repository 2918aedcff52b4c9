import type { Interactions } from "./interactions.ts";
import { choicesOf } from "./interactions.ts";

/** All that the steps of a training need; shared between threads when its arrays are. */
export interface BprJob {
  readonly dims: number;
  readonly items: number;
  /** The choices of each user, sorted by item, and between which offsets they are. */
  readonly offsets: Int32Array;
  readonly chosen: Int32Array;
  /** Who made the choice, for each of `chosen`. */
  readonly chooser: Int32Array;
  readonly userVectors: Float32Array;
  readonly itemVectors: Float32Array;
  readonly learningRate: number;
  readonly regularization: number;
  readonly seed: number;
}

export interface JobSettings extends Pick<
  BprJob,
  "dims" | "learningRate" | "regularization" | "seed"
> {
  /** True: the arrays lie in memory that threads share. */
  readonly shared: boolean;
}

export function prepareJob(train: Interactions, { shared, ...settings }: JobSettings): BprJob {
  const { users, items } = train;
  const allocate = (bytes: number) =>
    shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const offsets = new Int32Array(allocate(4 * train.offsets.length));
  const chosen = new Int32Array(allocate(4 * train.chosen.length));
  const chooser = new Int32Array(allocate(4 * train.chosen.length));
  offsets.set(train.offsets);
  chosen.set(train.chosen);
  for (let user = 0; user < users; user++) {
    const choices = choicesOf({ ...train, chosen }, user);
    if (choices.length === 0) {
      throw new Error(
        `user ${user} has no choices; leave out whom nothing is known of, he is answered as a newcomer`,
      );
    }
    choices.sort();
    chooser.fill(user, offsets[user], offsets[user + 1]);
  }
  const userVectors = new Float32Array(allocate(4 * users * settings.dims));
  const itemVectors = new Float32Array(allocate(4 * items * settings.dims));
  return { ...settings, items, offsets, chosen, chooser, userVectors, itemVectors };
}
