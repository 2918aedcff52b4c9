import { afterAll, beforeAll, expect, test } from "vitest";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { unhurried, type GraphRunner } from "../exporting/graph-runner.ts";
import { testFamily } from "../family.contract.ts";
import type { Family } from "../family.ts";
import { openRunner } from "../onnx/ort-runner.fixture.ts";
import { Random } from "../random.ts";
import { openFamily, shape, songs, text } from "./family.fixture.ts";
import { writeVariants, type VariantFiles } from "./graph/variants.fixture.ts";
import { randomWeights } from "./random-weights.ts";
import type { ColdStartRow } from "./row.ts";

const by = { model: "songs", version: "7", backend: "cpu-fp32" };

type RequestFields = Parameters<typeof RecommendRequest.fromPartial>[0];
type Track = { readonly title?: string; readonly artist?: string };

let family: Family;
let files: VariantFiles;
let runner: GraphRunner;
beforeAll(async () => {
  family = await openFamily();
  files = await writeVariants(randomWeights(shape, new Random(1)), ["exact"]);
  runner = await openRunner(files.graphs["exact"]!);
});
afterAll(async () => {
  await runner.close();
  await files[Symbol.asyncDispose]();
});

function bytesOf(fields: RequestFields): Uint8Array {
  return RecommendRequest.encode(RecommendRequest.fromPartial(fields)).finish();
}

function read(fields: RequestFields, from = family): ColdStartRow {
  const row = from.read(bytesOf(fields));
  if (row instanceof ServingError) throw row;
  return row as ColdStartRow;
}

function song(i: number): Track {
  const { title, artist = "" } = songs[i]!;
  return { title, artist };
}

const unheard: readonly Track[] = [
  { title: "Nobody knows this", artist: "Somebody" },
  { title: "ソング", artist: "歌手" },
  { title: "🎵🎵" },
  { artist: "Only an artist" },
  { title: "Nobody knows this", artist: "Somebody else, whose name is rather long for a band" },
];

function idsOf(reply: Uint8Array): string[] {
  return RecommendResponse.decode(reply).items.map(({ id }) => id);
}

/** What the family and its graph make of requests that differ from `fields` in some. */
function answersTo(fields: RequestFields) {
  return async (changed: RequestFields = {}) => {
    const row = read({ ...fields, ...changed });
    const outputs = row.needsRun ? await runner.run(family.encode([row]), unhurried) : undefined;
    return family.reply(row, by, outputs && { outputs, index: 0 });
  };
}

testFamily("cold-start", async () => {
  const asked: RequestFields[] = [
    { tracks: [song(3), song(5)] },
    { tracks: [song(9), song(5)], userId: "ana" },
    { tracks: [song(1), song(2)], history: ["lost"] },
    { tracks: [...unheard] },
    { tracks: [song(3), ...unheard] },
    { tracks: [song(3), ...unheard], candidates: ["s2", "s9", "gone"] },
    { tracks: [song(3), song(4), song(5), song(6), song(7)] },
    { tracks: [song(7), song(4), song(5), song(6), song(7)] },
    { tracks: [song(0)], excludeHistory: true, topK: 30, exclude: ["s1", "s8"] },
    { history: ["s3", "s5", "lost", "s3"] },
    { history: ["s3", "s5"], tracks: [unheard[0]!], candidates: ["s2"] },
    { history: ["lost"] },
    { tracks: [song(3)], candidates: ["gone"] },
  ];
  return {
    family: await openFamily(),
    good: asked.map(bytesOf),
    run: (feeds) => runner.run(feeds, unhurried),
  };
});

test("tells tracks that are known by their very names, matched by what those mean, and new", () => {
  const row = read({
    tracks: [
      song(3),
      { title: "PAPER   road 3!", artist: "lamps" },
      { title: "Paper Road 3 (Live)", artist: "The Lamps feat. Foxes" },
      ...unheard,
    ],
  });
  expect(row.tracks).toEqual({ known: 1, matched: 2, new: 5 });
  expect([...row.known]).toEqual([3, 3, 3]);
  expect(row).toMatchObject({ needsRun: true, coldStart: false, unknownCount: 0 });
  expect(row.texts.count).toBe(5);
});

test("a cold start is one in which nothing is known, neither by name nor by id", () => {
  expect(read({ tracks: [...unheard] })).toMatchObject({ coldStart: true, needsRun: true });
  expect(read({ tracks: [...unheard], history: ["lost"] })).toMatchObject({ coldStart: true });
  expect(read({ tracks: [...unheard], history: ["s1"] })).toMatchObject({ coldStart: false });
  expect(read({ tracks: [unheard[0]!, song(2)] })).toMatchObject({ coldStart: false });
});

test("the reply says what became of the tracks, and nothing of tracks where there were none", async () => {
  const answer = answersTo({ tracks: [song(3), unheard[0]!] });
  const { served, items } = RecommendResponse.decode(await answer());
  expect(served!.tracks).toEqual({ known: 1, matched: 0, new: 1 });
  expect(items).toHaveLength(10);
  const { title, artist } = songs.find(({ id }) => id === items[0]!.id)!;
  expect(items[0]).toMatchObject({ title, artist });
  const untold = RecommendResponse.decode(await answer({ tracks: [], history: ["s3"] }));
  expect(untold.served!.tracks).toBeUndefined();
});

test("known tracks by id and by name are the same tracks", async () => {
  const answer = answersTo({ topK: 20 });
  const byName = RecommendResponse.decode(await answer({ tracks: [song(3), song(9)] }));
  const byId = RecommendResponse.decode(await answer({ history: ["s9", "s3"] }));
  const mixed = RecommendResponse.decode(await answer({ history: ["s9"], tracks: [song(3)] }));
  expect(byId.items).toEqual(byName.items);
  expect(mixed.items).toEqual(byName.items);
});

test("the order of tracks and of history changes no bit of the reply", async () => {
  const tracks = [...unheard, ...Array.from({ length: 9 }, (_, i) => song(5 * i)), ...unheard];
  const history = ["s1", "s40", "s7", "s7", "s22"];
  const answer = answersTo({ topK: 40 });
  const first = Buffer.from(await answer({ tracks, history }));
  const random = new Random(5);
  for (let i = 0; i < 30; i++) {
    const shuffled = shuffle(tracks, random);
    const reply = await answer({ tracks: shuffled, history: shuffle(history, random) });
    expect(Buffer.from(reply)).toEqual(first);
  }
});

test("with exclude_history nothing comes back that the request told, by id or under a name of it", async () => {
  const answer = answersTo({ tracks: [song(0), unheard[0]!], history: ["s5"], topK: 60 });
  expect(idsOf(await answer())).toHaveLength(60);
  const ids = idsOf(await answer({ excludeHistory: true }));
  expect(ids).toHaveLength(56);
  for (const told of ["s0", "again", "remaster", "s5"]) expect(ids).not.toContain(told);
  expect(ids).toContain("cover");
});

test("namesakes are excluded up to the cap, the track itself in any case", async () => {
  const limits = { ...defaultRequestLimits, maxExclude: 1 };
  const row = read({ tracks: [song(57)], excludeHistory: true }, await openFamily({ limits }));
  expect(row.excluded.length).toBeLessThanOrEqual(2);
  expect(songs[row.excluded[0]!]!.title).toBe("Blue Road 0");
});

test.each([
  ["a known user", { userId: "ana" }],
  ["nobody", {}],
  ["only candidates", { candidates: ["s1"], exclude: ["s2"] }],
])("without tracks and history there is nothing to go on: %s", (_, fields) => {
  const refused = family.read(bytesOf(fields));
  expect(refused).toMatchObject({ code: 3 });
  expect((refused as ServingError).message).toMatch(/^tracks and history are both empty/);
});

test("a history that nobody knows gets what is popular, and hears so", () => {
  const row = read({ history: ["lost", "-3"], topK: 4, exclude: ["s9"] });
  expect(row).toMatchObject({ needsRun: false, coldStart: true, unknownCount: 2 });
  const { items } = RecommendResponse.decode(family.reply(row, by));
  expect(items.map(({ id }) => id)).toEqual(["s19", "s29", "s39", "s49"]);
});

test("a lane is made of the row's own lengths", () => {
  const tracks = Array.from({ length: 9 }, (_, i) => song(i));
  expect(read({ tracks }).lane).toBe("32/0/32/0/16");
  expect(read({ tracks: [...tracks, { title: "a" }] }).lane).toBe("32/2/32/0/16");
  expect(read({ tracks: [...unheard] }).lane).toBe("0/8/64/0/16");
  expect(read({ tracks: [song(1)], history: ["s1", "s2"], exclude: ["s4"] }).lane).toBe(
    "8/0/32/0/16",
  );
  const asked = { history: ["s1"], candidates: ["s3", "s5"], topK: 20 };
  expect(read(asked).lane).toBe("2/0/32/16/16");
  expect(read({ history: ["s1"], topK: 1000 }).lane).toBe("2/0/32/0/60");
});

test("a row says that names take longer to read than ids, as far as they are read", () => {
  const readingBytes = (title: string) => read({ tracks: [{ title, artist: "b" }] }).readingBytes!;
  expect(readingBytes("x".repeat(100))).toBeGreaterThan(20 * 101);
  expect(readingBytes("x".repeat(5_000))).toBe(readingBytes("x".repeat(256)));
  expect(read({ history: ["s1"] }).readingBytes).toBe(0);
});

test("feeds are padded and have one buffer", () => {
  const rows = [
    read({ tracks: [song(4), { title: "a" }] }),
    read({ tracks: [song(2), { artist: "b" }, { title: "c" }] }),
  ];
  const feeds = family.encode(rows);
  expect([...feeds["tracks"]!.data]).toEqual([4, 60, 2, 60]);
  expect(feeds["titles"]!.dims).toEqual([2, 2, 32]);
  const grams = (name: string, track: number) =>
    feeds[name]!.data.slice(32 * track, 32 * (track + 1)).filter((gram) => gram !== text.buckets);
  expect(grams("titles", 0).length).toBeGreaterThan(0);
  // The second of the first row is no track at all; of the second row one has no title, the other no artist.
  expect([grams("titles", 1), grams("artists", 1)].map(({ length }) => length)).toEqual([0, 0]);
  const second = [2, 3].map((track) =>
    [grams("titles", track), grams("artists", track)].map(({ length }) => length > 0),
  );
  expect(second.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(new Set(Object.values(feeds).map(({ data }) => data.buffer)).size).toBe(1);
});

test.each([
  ["known", 1000, () => song(7)],
  ["new", 1000, (i: number) => ({ title: `Unheard of ${i}`, artist: `Nobody ${i % 99}` })],
  ["of either kind", 999, (i: number) => (i % 2 === 0 ? song(i % 50) : { title: `No. ${i}` })],
])("%s: as many tracks as a request may have are ranked", async (_, count, trackOf) => {
  const answer = answersTo({ tracks: Array.from({ length: count }, (_, i) => trackOf(i)) });
  const { items, served } = RecommendResponse.decode(await answer());
  expect(items).toHaveLength(10);
  expect(items.every(({ score }) => Number.isFinite(score))).toBe(true);
  const { known, matched, new: fresh } = served!.tracks!;
  expect(known + matched + fresh).toBe(count);
});

test("rows of lanes that take more memory share smaller batches", async () => {
  const limited = await openFamily({ intermediateBytes: 2 ** 20 });
  const most = ["8/0/32/0/16", "8/8/64/0/16", "8/32/64/0/16", "0/1024/64/0/16"].map((lane) =>
    limited.maxBatch(lane),
  );
  expect(most[0]).toBe(128);
  expect(most.at(-1)).toBe(1);
  expect(most).toEqual(most.toSorted((a, b) => b - a));
  expect(new Set(most).size).toBe(4);
});

function shuffle<T>(list: readonly T[], random: Random): T[] {
  const keyed = list.map((value) => ({ value, key: random.share() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
