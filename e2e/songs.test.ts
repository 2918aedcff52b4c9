import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPopular } from "../backends/popular/popular.ts";
import { createQueryReader } from "../backends/query.ts";
import { createRemote } from "../backends/remote/remote.ts";
import { song } from "../models/cold-start/export/trained/write-trained.fixture.ts";
import {
  RecommendRequest,
  RecommendResponse,
  type Track,
} from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import { batchRecommend, recommend, type RequestFields } from "./calls.fixture.ts";
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

const ask = (fields: RequestFields, { channel }: Pick<OpenServer, "channel"> = server) =>
  recommend(channel, { model: "songs", ...fields });
const idsOf = ({ items }: RecommendResponse) => items.map(({ id }) => id);

const live: Track = { title: "So What (Live)", artist: "Miles Davis" };
const shouted: Track = { title: "SO WHAT - Remastered 2011", artist: "miles davis feat. Somebody" };
const unheard = (i: number) => song(songCount + i);
const playlist = [song(3), live, shouted, unheard(1), unheard(2), unheard(3)];

test("the reply says how many tracks were known, matched and new, and names its items in full", async () => {
  const { items, served } = await ask({ tracks: playlist });
  expect(served).toMatchObject({
    tracks: { known: 2, matched: 1, new: 3 },
    coldStart: false,
    degraded: "",
  });
  expect(items).toHaveLength(10);
  for (const { id, title, artist } of items) {
    const index = Number(id.slice(1));
    if (index < songCount - 2) expect({ title, artist }).toEqual(song(index));
    else expect(artist).toBe("Miles Davis");
  }
});

test("a playlist that nobody has heard of is answered from its names", async () => {
  const first = await ask({ tracks: [unheard(1), unheard(2)], topK: songCount });
  expect(first.served).toMatchObject({
    coldStart: true,
    tracks: { known: 0, matched: 0, new: 2 },
    unknownCount: 0,
  });
  const other = await ask({ tracks: [unheard(3), unheard(4)], topK: songCount });
  expect(idsOf(first).toSorted()).toEqual(idsOf(other).toSorted());
  expect(idsOf(first)).not.toEqual(idsOf(other));
});

test("a title alone and an artist alone are names", async () => {
  const { title, artist } = unheard(1);
  const replies = await Promise.all([
    ask({ tracks: [{ title }] }),
    ask({ tracks: [{ artist }] }),
    ask({ tracks: [{ title, artist }] }),
  ]);
  for (const { served } of replies)
    expect(served!.tracks).toEqual({ known: 0, matched: 0, new: 1 });
  expect(new Set(replies.map(({ items }) => items[0]!.score)).size).toBe(3);
});

test("an item by its name is the item by its id", async () => {
  const byName = await ask({ tracks: [song(3), song(5)], excludeHistory: true });
  const byId = await ask({ history: ["t3", "t5"], excludeHistory: true });
  const byBoth = await ask({ history: ["t5"], tracks: [song(3)], excludeHistory: true });
  expect(byName.items).toEqual(byId.items);
  expect(byBoth.items).toEqual(byId.items);
  expect(byId.served!.tracks).toBeUndefined();
  expect(byBoth.served!.tracks).toEqual({ known: 1, matched: 0, new: 0 });
});

test("exclude_history leaves out every recording of the songs that were named", async () => {
  const everything = { topK: songCount, tracks: [song(3), shouted, unheard(1)] };
  const all = idsOf(await ask(everything));
  const rest = idsOf(await ask({ ...everything, excludeHistory: true }));
  expect(all).toHaveLength(songCount);
  expect(rest).toEqual(all.filter((id) => !["t3", "t88", "t89"].includes(id)));
});

test("the order of the tracks changes no bit, nor does company in a batch", async () => {
  const alone = await ask({ tracks: playlist });
  const orders = [playlist.toReversed(), [...playlist.slice(4), ...playlist.slice(0, 4)]];
  for (const tracks of orders) expect((await ask({ tracks })).items).toEqual(alone.items);
  const others = Array.from({ length: 20 }, (_, i) => ({ tracks: playlist.slice(i % 6) }));
  const requests = [...others, ...orders.map((tracks) => ({ tracks }))];
  const results = await batchRecommend(
    server.channel,
    requests.map((one) => ({ model: "songs", ...one })),
  );
  for (const result of results.slice(others.length))
    expect(result).toMatchObject({ $case: "response", value: { items: alone.items } });
});

async function post(path: string, body: unknown, port = server.serving.httpPort) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

test("over HTTP as over gRPC", async () => {
  const fields = { tracks: playlist, excludeHistory: true, topK: 5 };
  const { routed, ...response } = await ask(fields);
  const { status, json } = await post("/v1/models/songs:recommend", fields);
  expect([status, routed]).toEqual([200, undefined]);
  expect(json).toEqual(response);
});

test("the origin's route, at a server and at a router: names in, names out, none of those sent", async () => {
  const body = {
    tracks: playlist.map(({ title, artist }) => ({ track_name: title, artist_name: artist })),
  };
  const { items } = await ask({ tracks: playlist, excludeHistory: true });
  const expected = items.map(({ title, artist }) => ({ track_name: title, artist_name: artist }));
  const told = { status: 200, json: { recommended_tracks: expected } };
  expect(await post("/predict", body)).toEqual(told);
  expect(await post("/predict", { ...body, top_k: 3 })).toEqual({
    status: 200,
    json: { recommended_tracks: expected.slice(0, 3) },
  });
  await using router = await openRouter(["--servers", server.serving.address]);
  expect(await post("/predict", body, router.routes.httpPort)).toEqual(told);
});

test("what is popular is learnt of it for routers, and leaves out what is named", async () => {
  await using remote = await openRemote();
  const popular = createPopular();
  await popular.refresh(remote.backend, ["songs"]);
  const answer = async (fields: RequestFields) => {
    const request = RecommendRequest.fromPartial({ model: "songs", topK: songCount, ...fields });
    const bytes = RecommendRequest.encode(request).finish();
    const call = { deadlineMs: Infinity, signal: AbortSignal.any([]), metadata: new Map() };
    const [found] = await popular.backend.answer([createQueryReader()(bytes, call)]);
    if (found === undefined || found instanceof ServingError) throw found!;
    return RecommendResponse.decode(found.bytes);
  };
  const all = await answer({ tracks: [shouted] });
  expect(all.served).toMatchObject({ degraded: "popular", unknownCount: 0, tracks: undefined });
  expect(idsOf(all)).toHaveLength(songCount);
  expect(idsOf(all)[0]).toBe("t0");
  const rest = idsOf(await answer({ tracks: [shouted], excludeHistory: true }));
  expect(rest).toEqual(idsOf(all).filter((id) => !["t88", "t89"].includes(id)));
});

async function openRemote() {
  const backend = createRemote({ address: server.serving.address });
  await backend.looked;
  return { backend, [Symbol.asyncDispose]: () => backend.close() };
}

test("a router's cache tells names apart", async () => {
  const cached = ["--servers", server.serving.address, "--cache-ms", "60s"];
  await using router = await openRouter(cached);
  const ofArtist = (artist: string) =>
    ask({ tracks: [{ title: unheard(1).title, artist }] }, router).then(({ items }) => items);
  const first = await ofArtist("Somebody");
  expect(await ofArtist("Somebody Else")).not.toEqual(first);
  expect(await ofArtist("Somebody")).toEqual(first);
});

test("crossfade recommend --track prints titles and artists, and what became of tracks and ids", async () => {
  const { title, artist } = song(3);
  const args = ["--target", server.serving.address, "--model", "songs", "--top-k", "2"];
  const tracks = ["--track", `${artist} - ${title}`, "--track", "Nobody - Never Heard"];
  const asked = ["recommend", ...args, ...tracks, "--history", "t1,gone"];
  const cwd = new URL("..", import.meta.url);
  const found = await promisify(execFile)("bin/crossfade", asked, { cwd });
  expect(found.stdout).toMatch(/^(t\d+\t\S+\t[^\t\n]+\t[^\t\n]+\n){2}$/);
  expect(found.stderr).toContain(
    "of the tracks 1 known, 0 matched by name, 1 new; of the ids 1 unknown: gone\n",
  );
});
