import { beforeAll, expect, test } from "vitest";
import { trainBpr } from "./bpr.ts";
import type { BprOptions, BprProgress, TrainedBpr } from "./bpr.ts";
import { clusterOf, clusteredInteractions } from "./clustered.fixture.ts";
import { holdOut } from "./hold-out.ts";
import { collectInteractions } from "./interactions.ts";
import {
  rankingQuality,
  scoreAtRandom,
  scoreByPopularity,
  scoreByVectors,
} from "./ranking-quality.ts";

const items = 300;
const { train, probes } = holdOut(clusteredInteractions({ users: 600, items }), {
  warm: 200,
  cold: 60,
});
const settings: BprOptions = { dims: 16 };

let trained: TrainedBpr;
beforeAll(async () => {
  trained = await trainBpr(train, settings);
});

const hitRate = (list: typeof probes.warm, score: Parameters<typeof rankingQuality>[2]) =>
  rankingQuality(list, items, score).hr10;

test("kept choices are found far more often than by popularity or chance, newcomers' too", () => {
  for (const list of [probes.warm, probes.cold]) {
    const found = hitRate(list, scoreByVectors(trained.weights));
    expect(found).toBeGreaterThan(3 * hitRate(list, scoreByPopularity(trained.popularity)));
    expect(found).toBeGreaterThan(3 * hitRate(list, scoreAtRandom(1)));
  }
});

test("users get what their like choose", () => {
  const score = scoreByVectors(trained.weights);
  const scores = new Float32Array(items);
  let alike = 0;
  for (let user = 0; user < 100; user++) {
    score({ user, history: new Int32Array(), next: 0 }, scores);
    const top = [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]!).slice(0, 10);
    alike += top.filter((item) => clusterOf(item) === clusterOf(user)).length;
  }
  expect(alike / 1000).toBeGreaterThan(0.8);
});

test("on one thread a seed gives the same bits, another seed others", async () => {
  const short = { ...settings, epochs: 2 };
  const [once, again, other] = await Promise.all([
    trainBpr(train, short),
    trainBpr(train, short),
    trainBpr(train, { ...short, seed: 2 }),
  ]);
  expect(again.weights).toEqual(once.weights);
  expect(other.weights.userVectors).not.toEqual(once.weights.userVectors);
});

test("two threads learn as well as one", async () => {
  const { weights } = await trainBpr(train, { ...settings, threads: 2 });
  expect(weights.userVectors.buffer).toBeInstanceOf(SharedArrayBuffer);
  const alone = hitRate(probes.warm, scoreByVectors(trained.weights));
  expect(hitRate(probes.warm, scoreByVectors(weights))).toBeGreaterThan(0.85 * alone);
});

test("popularity counts the choices of the training", () => {
  const choices = trained.popularity.reduce((sum, count) => sum + count, 0);
  expect(choices).toBe(train.chosen.length);
});

test.each([1, 2])("progress is told to the last step, with %i threads", async (threads) => {
  const reports: BprProgress[] = [];
  await trainBpr(train, {
    ...settings,
    threads,
    onProgress: (progress) => reports.push(progress),
  });
  const total = 30 * train.chosen.length;
  expect(reports.at(-1)).toMatchObject({ done: total, total, etaMs: 0 });
  expect(reports.every(({ done }, i) => i === 0 || done > reports[i - 1]!.done)).toBe(true);
  expect(reports[0]!.error).toBeCloseTo(0.5, 2);
  expect(reports.at(-1)!.error).toBeLessThan(0.4);
});

test.each([1, 2])(
  "an aborted training ends with the signal's reason, with %i threads",
  async (threads) => {
    const abort = new AbortController();
    const reports: BprProgress[] = [];
    const onProgress = (progress: BprProgress) => {
      reports.push(progress);
      if (reports.length === 3) abort.abort(new Error("enough"));
    };
    const training = trainBpr(train, {
      ...settings,
      epochs: 10_000,
      threads,
      onProgress,
      signal: abort.signal,
    });
    await expect(training).rejects.toThrow(/^enough$/);
    expect(reports).toHaveLength(3);
  },
);

test("other work runs meanwhile", async () => {
  let turns = 0;
  let training = true;
  const count = () => {
    turns += 1;
    if (training) setImmediate(count);
  };
  setImmediate(count);
  await trainBpr(train, settings);
  training = false;
  // 30 times 6,280 choices, in slices of 4,096 steps.
  expect(turns).toBeGreaterThan(40);
});

function failingProgress(): never {
  throw new Error("the disk is full");
}

test.each([1, 2])(
  "what the progress callback throws ends the training, with %i threads",
  async (threads) => {
    const training = trainBpr(train, { ...settings, threads, onProgress: failingProgress });
    await expect(training).rejects.toThrow(/^the disk is full$/);
  },
);

test.each([1, 2])("a training that diverges says so, with %i threads", async (threads) => {
  const wild = { ...settings, learningRate: 1, regularization: 0, epochs: 10_000, threads };
  await expect(trainBpr(train, wild)).rejects.toThrow(
    /diverged after \d+ of \d+ steps: lower the learning rate of 1/,
  );
});

test("all settings that make no sense are named", async () => {
  const senseless = {
    dims: 0,
    epochs: -1,
    learningRate: Number.NaN,
    regularization: 2,
    seed: 0.5,
    threads: 0,
  };
  await expect(trainBpr(train, senseless)).rejects.toThrow(
    /dims is 0.*epochs is -1.*learningRate is NaN.*regularization is 2.*seed is 0\.5.*threads is 0/,
  );
});

test("there must be something to learn, of everybody", async () => {
  const nothing = collectInteractions({ users: 1, items: 1 }, () => new Int32Array());
  await expect(trainBpr(nothing)).rejects.toThrow(/there are 1 items.*there are no choices/);
  const silent = collectInteractions({ users: 2, items: 5 }, (user) =>
    Int32Array.from(user === 0 ? [1] : []),
  );
  await expect(trainBpr(silent)).rejects.toThrow(/user 1 has no choices/);
});

test("a user who chose everything does not stop the training", async () => {
  const greedy = collectInteractions({ users: 2, items: 3 }, (user) =>
    Int32Array.from(user === 0 ? [0, 1, 2] : [1]),
  );
  const { weights } = await trainBpr(greedy, { dims: 4, epochs: 10 });
  expect(weights.itemVectors.every(Number.isFinite)).toBe(true);
});
