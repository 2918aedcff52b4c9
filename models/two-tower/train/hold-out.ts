import { Random } from "../../random.ts";
import type { Probe, Probes } from "../../exporting/probe.ts";
import { choicesOf, collectInteractions } from "./interactions.ts";
import type { Interactions } from "./interactions.ts";

export interface HoldOutOptions {
  /** How many users' last choices are kept from the training. Default 1,000, at most half of those who have three. */
  readonly warm?: number;
  /** How many users, the last ones, the training does not see at all. Default 200, at most a tenth. */
  readonly cold?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface HeldOut {
  /** Of all users but the cold ones: their indexes stay as they are. */
  readonly train: Interactions;
  readonly probes: Probes;
}

/** Keeps choices from a training that can then be judged by them: the last one of each probe, as time would have it. */
export function holdOut(all: Interactions, options: HoldOutOptions = {}): HeldOut {
  const cold = Math.min(options.cold ?? 200, Math.floor(all.users / 10));
  const users = all.users - cold;
  const probed = drawUsers(all, users, options);
  const train = collectInteractions({ users, items: all.items }, (user) => {
    const choices = choicesOf(all, user);
    return probed.has(user) ? choices.subarray(0, -1) : choices;
  });
  const newcomers = Array.from({ length: cold }, (_, i) => users + i);
  return {
    train,
    probes: {
      warm: [...probed].toSorted((a, b) => a - b).map((user) => probeOf(all, user, user)),
      cold: newcomers
        .filter((user) => choicesOf(all, user).length >= 2)
        .map((user) => probeOf(all, user, -1)),
    },
  };
}

function probeOf(all: Interactions, listener: number, user: number): Probe {
  const choices = choicesOf(all, listener);
  return { user, history: choices.slice(0, -1), next: choices.at(-1)! };
}

/** Users with at least three choices, so that two remain to learn from. */
function drawUsers(
  all: Interactions,
  users: number,
  { warm = 1000, seed = 1 }: HoldOutOptions,
): Set<number> {
  const able = Array.from({ length: users }, (_, user) => user).filter(
    (user) => choicesOf(all, user).length >= 3,
  );
  const wanted = Math.min(warm, Math.floor(able.length / 2));
  const random = new Random(seed);
  for (let i = 0; i < wanted; i++) {
    const other = i + random.below(able.length - i);
    [able[i], able[other]] = [able[other]!, able[i]!];
  }
  return new Set(able.slice(0, wanted));
}
