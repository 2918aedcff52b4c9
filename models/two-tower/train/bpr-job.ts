import { choicesOf, type Interactions } from "./interactions.ts";
import { passedNothing, type PassedOver } from "./passed-over.ts";

/** All that the steps of a training need; shared between threads when its arrays are. */
export interface BprJob {
  readonly dims: number;
  readonly items: number;
  /** The choices of each user, sorted by item, and between which offsets they are. */
  readonly offsets: Int32Array;
  readonly chosen: Int32Array;
  /** Who made the choice, for each of `chosen`. */
  readonly chooser: Int32Array;
  /** What each user was shown and did not choose, and between which offsets it is. */
  readonly passedOffsets: Int32Array;
  readonly passed: Int32Array;
  /** How often the other item of a step is one of these, where the user has any. */
  readonly passedShare: number;
  readonly userVectors: Float32Array;
  readonly itemVectors: Float32Array;
  readonly learningRate: number;
  readonly regularization: number;
  readonly seed: number;
}

export interface JobSettings extends Pick<
  BprJob,
  "dims" | "learningRate" | "regularization" | "seed" | "passedShare"
> {
  readonly passedOver: PassedOver | undefined;
  /** True: the arrays lie in memory that threads share. */
  readonly shared: boolean;
}

export function prepareJob(train: Interactions, options: JobSettings): BprJob {
  const { shared, passedOver = passedNothing(train), ...settings } = options;
  const { users, items } = train;
  const allocate = (bytes: number) =>
    shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const copyOf = (values: Int32Array) => {
    const copy = new Int32Array(allocate(values.byteLength));
    copy.set(values);
    return copy;
  };
  const offsets = copyOf(train.offsets);
  const chosen = copyOf(train.chosen);
  const chooser = new Int32Array(allocate(4 * train.chosen.length));
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
  const passedOffsets = copyOf(passedOver.offsets);
  const passed = copyOf(passedOver.passed);
  return {
    ...settings,
    items,
    offsets,
    chosen,
    chooser,
    passedOffsets,
    passed,
    userVectors,
    itemVectors,
  };
}
