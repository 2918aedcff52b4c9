import { Random } from "../models/random.ts";
import type { Dataset } from "./data/dataset.ts";

export interface DrawUsersOptions {
  /** Default: all. */
  readonly users?: number;
  readonly seed: number;
}

/** The same for the same seed, in the order of the data; what is learnt from stays whole. */
export function drawUsers(dataset: Dataset, { users, seed }: DrawUsersOptions): Dataset {
  if (users === undefined) return dataset;
  return dataset.kind === "sequences"
    ? { ...dataset, cases: draw(dataset.cases, users, seed) }
    : { ...dataset, playlists: draw(dataset.playlists, users, seed) };
}

function draw<One>(all: readonly One[], count: number, seed: number): readonly One[] {
  const random = new Random(seed, 2);
  let [open, wanted] = [all.length, Math.min(count, all.length)];
  return all.filter(() => {
    const isTaken = random.below(open--) < wanted;
    if (isTaken) wanted -= 1;
    return isTaken;
  });
}
