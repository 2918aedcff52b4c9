import { afterAll, beforeAll, expect, test } from "vitest";
import { song } from "../models/cold-start/export/trained/write-trained.fixture.ts";
import {
  BatchRecommendResponse,
  RecommendRequest,
  RecommendResponse,
  type Track,
} from "../proto/gen/crossfade/v1/recommender.ts";
import { Code, nameOf, type ServingError } from "../proto/serving-error.ts";
import { batchPath, recommend, recommendPath, type RequestFields } from "./calls.fixture.ts";
import { openRouter } from "./open-router.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallSongsBundle, songCount } from "./small-songs-bundle.fixture.ts";

let folder: Folder;
let server: OpenServer;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallSongsBundle(folder.path);
  server = await openServer(["--models", folder.path]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const ask = (fields: RequestFields) => recommend(server.channel, { model: "songs", ...fields });

function encoded(fields: RequestFields): Uint8Array {
  return RecommendRequest.encode(
    RecommendRequest.fromPartial({ model: "songs", ...fields }),
  ).finish();
}

const field = (number: number, ...value: number[]) => [(number << 3) | 2, value.length, ...value];
/** A good track, and one of these bytes behind it. */
const withTrack = (...value: number[]) =>
  Uint8Array.from([...encoded({ tracks: [{ title: "So What" }] }), ...field(5, ...value)]);
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ title: `Number ${i}`, artist: "Anybody" }));

const refused: readonly (readonly [what: string, bytes: Uint8Array, says: string])[] = [
  ["no tracks and no history", encoded({}), "tracks and history are both empty"],
  ["a user is nothing to go by", encoded({ userId: "ana" }), "tracks and history are both empty"],
  ["1,001 tracks", encoded({ tracks: many(1_001) }), "tracks has more than 1000 elements"],
  ["a track of nothing", withTrack(), "tracks[1] has neither a title nor an artist"],
  ["empty names", withTrack(...field(1), ...field(2)), "tracks[1] has neither a title nor an"],
  ["a title that is no text", withTrack(...field(1, 0xff)), "tracks[1].title is not valid UTF-8"],
  [
    "an artist cut inside a letter",
    withTrack(...field(1, 0x41), ...field(2, 0x41, 0xc3)),
    "tracks[1].artist is not valid UTF-8",
  ],
  ["half of a pair", withTrack(...field(1, 0xed, 0xa0, 0x80)), "tracks[1].title is not valid"],
  ["a NUL spelt in two bytes", withTrack(...field(2, 0xc0, 0x80)), "tracks[1].artist is not valid"],
  [
    "a title of 100,000 letters",
    encoded({ tracks: [{ title: "x".repeat(100_000) }] }),
    "tracks[0].title has 100000 bytes; send at most 65536",
  ],
  ["a title that is a number", withTrack(0x08, 0x01), "field 1 cannot have wire type 0"],
  ["a title that leaves its track", withTrack(0x0a, 0x05, 0x41), "a length of 5 bytes"],
];

test.each(refused)("%s is refused", async (_, bytes, says) => {
  const error = await server.channel.unary(recommendPath, bytes).then(
    () => expect.fail("it was answered"),
    (thrown: unknown) => thrown as ServingError,
  );
  expect([nameOf(error.code), error.message]).toEqual([
    "INVALID_ARGUMENT",
    expect.stringContaining(says),
  ]);
});

/** Bad requests, each between two good ones. */
function mixedBatch(): Uint8Array {
  const good = encoded({ tracks: [song(3)] });
  const all = [good, ...refused.flatMap(([, bytes]) => [bytes, good])];
  return Buffer.concat(all.flatMap((bytes) => [lengthOf(bytes), bytes]));
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  const bytes = [0x0a];
  let left = length;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, left]);
}

test("in a batch each of them fails alone, at a server and through a router", async () => {
  await using router = await openRouter(["--servers", server.serving.address]);
  const { items } = await ask({ tracks: [song(3)] });
  for (const channel of [server.channel, router.channel]) {
    const reply = await channel.unary(batchPath, mixedBatch());
    const { results } = BatchRecommendResponse.decode(reply);
    expect(results).toHaveLength(2 * refused.length + 1);
    for (const [i, { result }] of results.entries()) {
      if (i % 2 === 0) expect(result).toMatchObject({ $case: "response", value: { items } });
      else {
        const message = expect.stringContaining(refused[(i - 1) / 2]![2]);
        const value = { code: Code.INVALID_ARGUMENT, message };
        expect(result).toMatchObject({ $case: "status", value });
      }
    }
  }
});

async function post(path: string, body: unknown) {
  const response = await fetch(`http://127.0.0.1:${server.serving.httpPort}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

const long = "x".repeat(65_537);
const path = "/v1/models/songs:recommend";
const predict = "/predict";
const inJson: readonly (readonly [what: string, path: string, body: unknown, says: string])[] = [
  ["nothing", path, {}, "tracks and history are both empty"],
  ["1,001 tracks", path, { tracks: many(1_001) }, "tracks: more than 1000 elements; send at most"],
  ["a track of nothing", path, { tracks: [{ title: "a" }, {}] }, "tracks[1] has neither a title"],
  [
    "half of a pair",
    path,
    { tracks: [{ title: "\ud800" }] },
    "tracks[0].title: half of a surrogate",
  ],
  ["no text", path, Buffer.from('{"tracks":[{"title":"\xff"}]}', "latin1"), "is not valid UTF-8"],
  ["a long title", path, { tracks: [{ title: long }] }, "tracks[0].title has 65537 bytes"],
  ["no track", predict, { tracks: [] }, "tracks is empty; send at least one"],
  [
    "an unnamed track",
    predict,
    { tracks: [{ track_name: "a" }, {}] },
    "tracks[1] has neither a track_name nor an artist_name",
  ],
  ["a long name", predict, { tracks: [{ artist_name: long }] }, "tracks[0].artist_name has 65537"],
  ["no results", predict, { tracks: [{ track_name: "a" }], top_k: 0 }, "top_k is 0"],
];

test.each(inJson)("in JSON %s, to %s, is refused", async (...[, to, body, says]) => {
  const { status, json } = await post(to, body);
  expect([status, json]).toMatchObject([
    400,
    { error: { code: "INVALID_ARGUMENT", message: expect.stringContaining(says) } },
  ]);
});

test("in a batch of JSON it fails alone", async () => {
  const good = { tracks: [song(3)] };
  const { status, json } = await post("/v1/models/songs:batchRecommend", {
    requests: [good, {}, { tracks: [{ artist: "" }] }, good],
  });
  const { results } = json as { results: Record<string, { code: number }>[] };
  expect(status).toBe(200);
  expect(results.map((one) => one["status"]?.code)).toEqual([undefined, 3, 3, undefined]);
  expect(results[3]).toEqual(results[0]);
});

/** Names that are text, however strange. */
const strange: readonly Track[] = [
  { title: "\u{1f3b8}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", artist: "\u{1f1ee}\u{1f1f8}" },
  { title: "שלום", artist: "فيروز" },
  { title: "\u202eesrever\u202c", artist: "\u200f\u200e\ufeff" },
  { title: `Z${"\u0300\u0489".repeat(2_000)}`, artist: "\u0301" },
  { title: "x".repeat(10_240), artist: "é".repeat(5_120) },
  { title: "y".repeat(65_536), artist: "" },
  { title: "\0", artist: "a\0b" },
  { title: "!!!", artist: "***" },
  { title: "   ", artist: "\t\r\n" },
  { title: "\uffff\u{10ffff}\u0085", artist: "\u3164" },
  { title: "(Live) [Remastered] - Radio Edit feat.", artist: "The" },
  { title: "__proto__", artist: "constructor" },
];

test("strange names are names: answered in full, the same again, in any order", async () => {
  const scores = new Set<number>();
  for (const one of strange) {
    const { items, served } = await ask({ tracks: [one] });
    expect(items).toHaveLength(10);
    expect(items.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(served!.tracks).toEqual({ known: 0, matched: 0, new: 1 });
    scores.add(items[0]!.score);
  }
  expect(scores.size).toBeGreaterThan(strange.length / 2);
  const together = await server.channel.unary(recommendPath, encoded({ tracks: [...strange] }));
  const again = await server.channel.unary(recommendPath, encoded({ tracks: [...strange] }));
  expect(Buffer.compare(together, again)).toBe(0);
  const { items } = await ask({ tracks: strange.toReversed() });
  expect(items).toEqual(RecommendResponse.decode(together).items);
});

test("as many tracks as allowed, and the same one as often", async () => {
  const full = await ask({ tracks: many(1_000), topK: 1_000 });
  expect(full.items).toHaveLength(songCount);
  expect(full.served!.tracks).toEqual({ known: 0, matched: 0, new: 1_000 });
  const repeated = await ask({ tracks: Array.from({ length: 1_000 }, () => song(3)) });
  expect(repeated.served!.tracks).toEqual({ known: 1_000, matched: 0, new: 0 });
});
