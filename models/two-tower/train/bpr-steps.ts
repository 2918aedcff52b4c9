import type { Random } from "../../random.ts";
import type { BprJob } from "./bpr-job.ts";

/** Takes `count` steps at a learning rate; the result is the mean probability of the wrong order before each step. */
export type BprSteps = (count: number, learningRate: number) => number;

/**
 * Bayesian personalized ranking (Rendle et al., 2009): draw a choice and an item that the user did not choose, and move their
 * vectors so that the choice scores higher. What he was shown and passed over says more than what he may never have seen:
 * it is drawn more often than its part of all items.
 */
export function createBprSteps(job: BprJob, random: Random): BprSteps {
  const { dims, chosen, chooser, userVectors, itemVectors, regularization } = job;
  const drawOther = createOtherDraw(job, random);

  return (count, learningRate) => {
    const decay = 1 - learningRate * regularization;
    let errors = 0;
    for (let step = 0; step < count; step++) {
      const draw = random.below(chosen.length);
      const user = chooser[draw]!;
      const u = user * dims;
      const i = chosen[draw]! * dims;
      const j = drawOther(user) * dims;
      let lead = 0;
      for (let d = 0; d < dims; d++)
        lead += userVectors[u + d]! * (itemVectors[i + d]! - itemVectors[j + d]!);
      const error = 1 / (1 + Math.exp(lead));
      errors += error;
      const pull = learningRate * error;
      for (let d = 0; d < dims; d++) {
        const taste = userVectors[u + d]!;
        const better = itemVectors[i + d]!;
        const worse = itemVectors[j + d]!;
        userVectors[u + d] = decay * taste + pull * (better - worse);
        itemVectors[i + d] = decay * better + pull * taste;
        itemVectors[j + d] = decay * worse - pull * taste;
      }
    }
    return errors / count;
  };
}

/** Somebody may have chosen nearly everything: then now and then one of his choices has to do. */
const maxDraws = 32;

function createOtherDraw(job: BprJob, random: Random): (user: number) => number {
  const { passedOffsets, passed, passedShare } = job;
  const drawNotChosen = createNotChosenDraw(job, random);
  if (passed.length === 0 || passedShare === 0) return drawNotChosen;
  return (user) => {
    const start = passedOffsets[user]!;
    const count = passedOffsets[user + 1]! - start;
    if (count === 0 || random.share() >= passedShare) return drawNotChosen(user);
    return passed[start + random.below(count)]!;
  };
}

function createNotChosenDraw(
  { items, offsets, chosen }: BprJob,
  random: Random,
): (user: number) => number {
  const hasChosen = (user: number, item: number): boolean => {
    let low = offsets[user]!;
    let high = offsets[user + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (chosen[middle]! < item) low = middle + 1;
      else high = middle;
    }
    return low < offsets[user + 1]! && chosen[low] === item;
  };
  return (user) => {
    let item = random.below(items);
    for (let draws = 1; draws < maxDraws && hasChosen(user, item); draws++)
      item = random.below(items);
    return item;
  };
}
