import { expect, test } from "vitest";
import type { NamedTrack, PlaylistData } from "../data/dataset.ts";
import { evaluate, type EvalPlan } from "../evaluate.ts";
import { parseGate } from "../gates/gate.ts";
import { gateFigures } from "../gates/gate-figures.ts";
import { judgeGates } from "../gates/judge-gates.ts";
import type { EvalResult } from "../result.ts";
import { openScripted, type Script } from "../scripted-server.fixture.ts";
import { playlist } from "./playlist.ts";

const track = (id: number): NamedTrack => ({
  id: String(id),
  title: `song ${id}`,
  artist: `band ${id % 5}`,
});
const tracks = Array.from({ length: 60 }, (_, id) => track(id));
const lists: PlaylistData = {
  kind: "playlists",
  name: "lists",
  tracks,
  training: [tracks.slice(0, 30), tracks.slice(10, 40)],
  // The first is known throughout, the second not at all.
  playlists: [tracks.slice(0, 10), tracks.slice(40, 50)],
  notes: [],
};

const plan = {
  dataset: lists,
  protocol: playlist,
  seed: 0,
  inFlight: 8,
  isAnonymous: false,
  signal: new AbortController().signal,
  onProgress: () => {},
} satisfies Omit<EvalPlan, "sides">;

const isKnown = (id: string) => Number.parseInt(id, 10) < 40;

/** The tracks of the first playlist, in order; of candidates those that training has. */
const first: Script["answer"] = ({ candidates, exclude }) => {
  const pool =
    candidates.length > 0 ? candidates.filter(isKnown) : lists.playlists[0]!.map(({ id }) => id);
  const ids = pool.filter((id) => !exclude.includes(id));
  return { items: ids.map((id, at) => ({ id, score: -at })) };
};

async function evaluated(answer: Script["answer"], dataset: PlaylistData = lists) {
  await using server = await openScripted({ answer, family: "cold-start", itemCount: 40 });
  const result = await evaluate({ ...plan, dataset, sides: [server.side] });
  return { result, asked: server.asked.filter(({ candidates }) => candidates.length === 0) };
}

function valuesOf({ parts }: EvalResult, key: string, [who, group]: readonly [string, string]) {
  const rows = parts.find((part) => part.key === key)!.rows;
  return rows
    .find((row) => row.who === who && row.group === group)!
    .values.map(({ mean }) => Math.round(mean * 1e6) / 1e6);
}

test("names to those who read names, the rest to be found, cold and warm apart", async () => {
  const { result, asked } = await evaluated(first);
  expect(result.parts.map(({ key, users }) => [key, users])).toEqual([
    ["given1", 2],
    ["given5", 2],
    ["given25", 0],
    ["known1", 1],
    ["known5", 1],
    ["known25", 0],
    ["unseen1", 1],
    ["unseen5", 1],
    ["unseen25", 0],
  ]);
  expect(result.invalid).toEqual([]);
  expect(result.warnings).toEqual(["nobody was asked for given25, known25, unseen25"]);
  expect(asked[0]).toMatchObject({
    history: [],
    tracks: [{ title: "song 0", artist: "band 0" }],
    exclude: ["0"],
    topK: 500,
  });
  const ofUnknown = asked.find((one) => one.tracks[0]!.title === "song 40");
  // What the model does not know it need not leave out.
  expect(ofUnknown!.exclude).toEqual([]);
  expect(valuesOf(result, "given5", ["movies", "seeds all known"])).toEqual([
    1,
    1,
    1,
    0,
    1,
    Number.NaN,
  ]);
  expect(valuesOf(result, "given5", ["movies", "seeds never seen"])).toEqual([
    0,
    0,
    0,
    51,
    Number.NaN,
    0,
  ]);
});

test("chance draws from what the model can recommend, less what is given", async () => {
  const { result } = await evaluated(first);
  const warm = valuesOf(result, "known5", ["random", "all"]);
  // 5 targets among 35 tracks, of which all are shown.
  expect(warm.slice(0, 2)).toEqual([0.142857, 1]);
  const cold = valuesOf(result, "unseen5", ["random", "all"]);
  expect(cold).toEqual([0, 0, 0, 51, Number.NaN, 0]);
  expect(result.parts[0]!.notes.at(-1)).toBe(
    "The model can recommend 40 tracks, of the 20 that no training playlist has 0; chance draws from these.",
  );
});

test("co-occurrence is silent where no seed is known", async () => {
  const { result } = await evaluated(first);
  const figures = (group: string) => valuesOf(result, "given1", ["co-occurrence", group]);
  expect(figures("seeds all known").slice(0, 4).every(Number.isFinite)).toBe(true);
  expect(figures("seeds never seen").every(Number.isNaN)).toBe(true);
  // Of all it is what would be shown in its place.
  expect(figures("all").slice(0, 4).every(Number.isFinite)).toBe(true);
});

/** Each playlist ten times: of fewer nothing can be said. */
const tenfold = { ...lists, playlists: lists.playlists.flatMap((one) => Array(10).fill(one)) };

test("above a baseline: cells by metric and group, none where there is nothing to find", async () => {
  const few = await evaluated(first);
  expect(few.result.standings).toEqual([]);
  const { result } = await evaluated(first, tenfold);
  const popularity = result.standings.find(
    ({ part, rival }) => part === "known5" && rival === "popularity",
  )!;
  // Among fifty are all; what both training playlists have is more popular.
  expect(popularity).toMatchObject({ cells: 5, above: 3, surelyAbove: 3 });
  expect(popularity.notAbove).toEqual(["known5, Recall@50", "known5, Recall@50 warm"]);
  const ofUnseen = result.standings.find(
    ({ part, rival }) => part === "unseen5" && rival === "random",
  )!;
  expect(ofUnseen).toMatchObject({ cells: 1, above: 0, notAbove: ["unseen5, clicks"] });
  const figures = gateFigures(result).filter(({ figure }) => figure === "above popularity");
  expect(figures[0]).toMatchObject({ part: "all", who: "movies" });
  expect(figures.find(({ part }) => part === "known5")!.value).toBeCloseTo(3 / 5, 9);
});

const both: Script["answer"] = (request) =>
  request.candidates.length > 0
    ? first(request)
    : { items: ["1b", "1", "2"].map((id, at) => ({ id, score: -at })) };

test("a song under several ids is one: given, found and excluded", async () => {
  const twice = { ...track(1), otherIds: ["1b"] };
  const tracks = lists.tracks.map((one) => (one.id === "1" ? twice : one));
  const playlists = [tracks.slice(0, 10)];
  const dataset = { ...lists, tracks, training: [tracks.slice(0, 30)], playlists };
  const { result, asked } = await evaluated(both, dataset);
  // Of nine targets two are found; the second time the first takes a place.
  const [rPrecision, recall] = valuesOf(result, "given1", ["movies", "all"]);
  expect([rPrecision, recall]).toEqual([0.222222, 0.222222]);
  const five = asked.find((one) => one.tracks.length === 5)!;
  expect(five.exclude).toEqual(["0", "1", "1b", "2", "3", "4"]);
});

test("ids to a model that knows no names", async () => {
  await using server = await openScripted({ answer: () => ({}), family: "two-tower" });
  await evaluate({ ...plan, sides: [server.side] });
  const { asked } = server;
  expect(asked.find(({ candidates }) => candidates.length === 0)!.history).toEqual(["0"]);
  expect(asked.filter(({ tracks }) => tracks.length > 0)).toEqual([]);
});

const popular: Script["answer"] = () => ({ served: { degraded: "popular" } });

test("what a model knows cannot be told from popular items", async () => {
  await expect(evaluated(popular)).rejects.toThrow(
    'what the model knows cannot be asked: "popular"',
  );
});

test("a gate on cells that there are none of is not met", async () => {
  const { result } = await evaluated(first);
  const gate = parseGate("above popularity>=0")!;
  expect(judgeGates([gate], result)).toEqual([
    { gate: "above popularity>=0", who: "movies", value: Number.NaN, isMet: false },
  ]);
});
