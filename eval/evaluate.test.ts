import { expect, test } from "vitest";
import type { RecommendRequest } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { PlaylistData, SequenceData } from "./data/dataset.ts";
import { evaluate, type EvalPlan } from "./evaluate.ts";
import { candidates20 } from "./protocols/candidates-20.ts";
import { full } from "./protocols/full.ts";
import { sampled } from "./protocols/sampled.ts";
import type { EvalResult } from "./result.ts";
import { openScripted, type Script } from "./scripted-server.fixture.ts";

const items = Array.from({ length: 50 }, (_, i) => String(i));
/** User u has seen u, u + 1, … and goes on with the next. */
const cases = Array.from({ length: 40 }, (_, user) => ({
  place: user,
  user: `u${user}`,
  sequence: [user, user + 1, user + 2].map(String),
  target: String(user + 3),
}));
const data: SequenceData = {
  kind: "sequences",
  name: "steps",
  cases,
  training: cases.map(({ sequence }) => sequence),
  items,
  notes: [],
};

const plan = {
  dataset: data,
  protocol: sampled,
  seed: 0,
  inFlight: 8,
  isAnonymous: false,
  signal: new AbortController().signal,
  onProgress: () => {},
} satisfies Omit<EvalPlan, "sides">;

async function found(answer: Script["answer"], more: Partial<EvalPlan> = {}) {
  await using server = await openScripted({ answer });
  const result = await evaluate({ ...plan, sides: [server.side], ...more });
  return { result, asked: server.asked };
}

function mean({ parts }: EvalResult, metric: string, [who, group] = ["movies", "all"]): number {
  const row = parts[0]!.rows.find((one) => one.who === who && one.group === group)!;
  return row.values[parts[0]!.metrics.findIndex(({ name }) => name === metric)]!.mean;
}

const next = ({ history }: RecommendRequest) => Number(history.at(-1)) + 1;

/** Whoever is asked for comes first, the further away the later. */
const perfect: Script["answer"] = (request) => {
  const seen = new Set([...request.exclude, ...(request.excludeHistory ? request.history : [])]);
  const pool = request.candidates.length > 0 ? request.candidates : items;
  const ranked = pool
    .filter((id) => !seen.has(id))
    .map((id) => ({ id, score: -Math.abs(Number(id) - next(request)) - Number(id) / 1_000 }));
  return { items: ranked.sort((a, b) => b.score - a.score).slice(0, request.topK ?? 10) };
};

test("who knows finds all; chance finds as much as it must", async () => {
  const { result, asked } = await found(perfect);
  expect(mean(result, "HR@1")).toBe(1);
  expect(mean(result, "NDCG@10")).toBe(1);
  expect(result.invalid).toEqual([]);
  // 46 negatives are all there are.
  expect(mean(result, "HR@10", ["random", "all"])).toBeCloseTo(10 / 47, 6);
  expect(asked.every(({ candidates }) => new Set(candidates).size === 47)).toBe(true);
  expect(asked.every(({ candidates, topK }) => topK === candidates.length)).toBe(true);
});

test("the same score for everybody finds nothing, however the list begins", async () => {
  const { result } = await found((request) => ({
    items: [String(next(request)), ...request.candidates].map((id) => ({ id, score: 1 })),
  }));
  expect(mean(result, "HR@10")).toBe(0);
  expect(result.parts[0]!.ties).toEqual([40]);
});

const ninth: Script["answer"] = () => ({
  items: [
    { id: "9", score: 3 },
    { id: "3", score: 2 },
    { id: "7", score: 1 },
  ],
});

test("frozen negatives count as often as they are there, and never against themselves", async () => {
  const one = { ...cases[0]!, negatives: ["9", "9", "9", "3", "7"] };
  const dataset = { ...data, cases: [one] };
  const { result, asked } = await found(ninth, { dataset });
  expect(asked[0]!.candidates).toEqual(["3", "7", "9"]);
  expect(mean(result, "MRR")).toBe(1 / 4);
  expect(mean(result, "HR@5", ["random", "all"])).toBe(1);
});

test("full: seen items are removed and kept, also those older than what is sent", async () => {
  const long = Array.from({ length: 250 }, (_, i) => `h${i}`);
  const dataset: SequenceData = {
    ...data,
    items: [...items, ...long],
    cases: [{ place: 0, user: "ana", sequence: [...long, "1"], target: "2" }],
  };
  const { result, asked } = await found(perfect, { dataset, protocol: full });
  const [removed, kept] = asked.toSorted((a, b) => b.exclude.length - a.exclude.length);
  expect(removed).toMatchObject({ excludeHistory: true, topK: 21 });
  expect(removed!.history).toEqual([...long.slice(-199), "1"]);
  expect(removed!.exclude).toEqual(long.slice(0, 51));
  expect(kept).toMatchObject({ exclude: [], excludeHistory: false });
  expect(result.parts.map(({ key }) => key)).toEqual(["removed", "kept"]);
});

test("full: a target that was seen before is not removed", async () => {
  const dataset = { ...data, cases: [{ ...cases[0]!, target: "1" }] };
  const { asked } = await found(perfect, { dataset, protocol: full });
  const [removed] = asked.filter(({ exclude }) => exclude.length > 0);
  expect(removed).toMatchObject({ exclude: ["0", "2"], excludeHistory: false });
});

test("full: coverage, diversity and popularity of what is shown", async () => {
  const kinds = new Map(items.map((id) => [id, Number(id) % 2 === 0 ? ["even"] : ["odd"]]));
  const dataset = { ...data, kinds };
  const same = ["0", "2", "4", "6", "8", "10", "12", "14", "16", "18", "20"];
  const { result } = await found(() => ({ items: same.map((id, at) => ({ id, score: -at })) }), {
    dataset,
    protocol: full,
  });
  const [lists] = result.parts[0]!.lists;
  expect(lists).toMatchObject({ who: "movies", distinct: 10, coverage: 0.2, diversity: 0 });
  expect(lists!.gini).toBeCloseTo(0.8, 6);
});

test("20 candidates: five draws a user, which differ; the mean of each seed", async () => {
  const { result, asked } = await found(perfect, { protocol: candidates20 });
  expect(asked).toHaveLength(200);
  expect(asked.every(({ candidates }) => candidates.length === 20)).toBe(true);
  const ofAna = asked
    .filter(({ userId }) => userId === "u0")
    .map(({ candidates }) => candidates.join());
  expect(new Set(ofAna).size).toBe(5);
  expect(result.parts[0]!.seeds.map(({ seed, means }) => [seed, means[0]])).toEqual(
    [0, 1, 2, 3, 4].map((seed) => [seed, 1]),
  );
  expect(mean(result, "HitRatio@1", ["random", "all"])).toBeCloseTo(1 / 20, 9);
});

test("fewer users: the same for the same seed, asked the same", async () => {
  const some = await found(perfect, { users: 7 });
  const again = await found(perfect, { users: 7 });
  const all = await found(perfect);
  const asked = (one: typeof some) =>
    one.asked.map((request) => JSON.stringify(request)).toSorted();
  expect(asked(some)).toEqual(asked(again));
  expect(asked(some)).toHaveLength(7);
  expect(asked(all)).toEqual(expect.arrayContaining(asked(some)));
  const other = await found(perfect, { users: 7, seed: 1 });
  expect(other.asked.map(({ userId }) => userId).toSorted()).not.toEqual(
    some.asked.map(({ userId }) => userId).toSorted(),
  );
});

test("nobody is named when all are anonymous", async () => {
  const { asked } = await found(perfect, { isAnonymous: true });
  expect(new Set(asked.map(({ userId }) => userId))).toEqual(new Set([""]));
});

test("users whom the model did not know are looked at apart", async () => {
  const { result } = await found((request) =>
    request.userId < "u2" ? { items: [], served: { coldStart: true } } : perfect(request),
  );
  expect(mean(result, "HR@1", ["movies", "cold users"])).toBe(0);
  expect(mean(result, "HR@1", ["movies", "warm users"])).toBe(1);
  const counts = result.parts[0]!.rows.map(({ group, users }) => `${group} ${users}`);
  expect(new Set(counts)).toEqual(new Set(["all 40", "cold users 12", "warm users 28"]));
});

test.each<[string, Script["answer"], string]>([
  [
    "a call that fails",
    () => {
      throw new ServingError("UNAVAILABLE", "starting");
    },
    "1 of 40 calls failed: 1 × UNAVAILABLE: starting",
  ],
  ["a degraded reply", () => ({ served: { degraded: "popular" } }), "1 of 40 replies are degraded"],
  ["a spilled reply", () => ({ routed: { reason: 3 } }), "came from another arm"],
  ["a degraded route", () => ({ routed: { degraded: "cached" } }), "degraded: 1 × cached"],
  ["another version", () => ({ served: { modelVersion: "2" } }), "39 × movies@1, 1 × movies@2"],
])("%s makes the figures invalid", async (_, bad, says) => {
  const { result, asked } = await found((request) =>
    request.userId === "u39" ? bad(request) : perfect(request),
  );
  expect(result.invalid).toEqual([expect.stringContaining(says)]);
  // A second try would hide it.
  expect(asked).toHaveLength(40);
});

test("ids that the model does not know are told", async () => {
  const { result } = await found((request) => ({
    ...perfect(request),
    served: { unknownCount: 3 },
  }));
  expect(result.warnings).toEqual([expect.stringContaining("does not know 120 of the ids")]);
});

test("a second side is asked the same, and compared user by user", async () => {
  await using good = await openScripted({ answer: perfect });
  await using bad = await openScripted({
    answer: (request) => ({ ...perfect(request), items: perfect(request).items!.slice(1) }),
  });
  const sides = [good.side, { ...bad.side, name: "worse" }];
  const { parts } = await evaluate({ ...plan, sides });
  const sorted = (asked: typeof good.asked) => asked.map((one) => JSON.stringify(one)).toSorted();
  expect(sorted(bad.asked)).toEqual(sorted(good.asked));
  const [difference] = parts[0]!.differences;
  expect(difference).toMatchObject({ who: "worse", sameTop1: { mean: 0, low: 0, high: 0 } });
  expect(difference!.overlapAt10!.mean).toBeCloseTo(0.9, 6);
  expect(difference!.values[0]).toEqual({ mean: -1, low: -1, high: -1 });
});

test("an evaluation can be stopped", async () => {
  const stop = new AbortController();
  const asking = found(
    () => {
      stop.abort(new Error("enough"));
      return {};
    },
    { signal: stop.signal },
  );
  await expect(asking).rejects.toThrow("enough");
});

test("a second side that is not there is told before the first question", async () => {
  await using server = await openScripted({ answer: perfect });
  const gone = { ...server.side, name: "gone", model: "other" };
  const asking = evaluate({ ...plan, sides: [server.side, gone] });
  await expect(asking).rejects.toThrow('has no model "other"');
  expect(server.asked).toEqual([]);
});

test("data that cannot be asked about like this is refused", async () => {
  const lists: PlaylistData = {
    kind: "playlists",
    name: "lists",
    tracks: [],
    training: [],
    playlists: [],
    notes: [],
  };
  await expect(found(perfect, { dataset: lists })).rejects.toThrow(
    "--protocol sampled needs sequences, and lists has playlists",
  );
});

test("a model that is not there: the nearest that is", async () => {
  await using server = await openScripted({ answer: perfect });
  const asking = evaluate({ ...plan, sides: [{ ...server.side, model: "movie" }] });
  await expect(asking).rejects.toThrow('has no model "movie"; did you mean movies?');
  const pinned = evaluate({ ...plan, sides: [{ ...server.side, version: "7" }] });
  await expect(pinned).rejects.toThrow('has no version "7" of movies; there is 1');
});
