import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listenerId, playlistId } from "../loadtest/world/create-world.ts";
import type { Channel } from "../transport/transport.ts";
import { batchRecommend, recommend, type RequestFields } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder } from "./open-server.fixture.ts";
import { buildSmallBundle, smallWorld } from "./small-bundle.fixture.ts";
import {
  buildSmallSequenceBundle,
  longestSequence,
  sequenceItems,
  sequenceUsers,
} from "./small-sequence-bundle.fixture.ts";
import { buildSmallSongsBundle, songCount } from "./small-songs-bundle.fixture.ts";

const batchSizes = [2, 3, 32, 128];

/** Several hundred runs one after the other: where others use the machine, too, each waits for its turn. */
const patienceMs = 180_000;

interface Subject {
  readonly build: (folder: string) => Promise<unknown>;
  readonly forms: readonly (readonly [provider: string, variant: string])[];
  /** Every kind of request, several times over. */
  readonly requestAt: (i: number) => RequestFields;
  /** One kind only, so that all of them really share one run. */
  readonly alikeAt: (i: number) => RequestFields;
}

const subjects: Readonly<Record<string, Subject>> = {
  "two-tower": {
    build: (folder) => buildSmallBundle(`${folder}/playlists/1`),
    forms: [
      ["cpu", "fp32"],
      ["cpu", "qint8"],
      ["wasm", "qint8"],
    ],
    requestAt: playlistsRequest,
    alikeAt: (i) => ({ userId: listenerId(i) }),
  },
  sequence: {
    build: (output) => buildSmallSequenceBundle({ output, variants: ["fp32", "qint8", "edge"] }),
    forms: [
      ["cpu", "fp32"],
      ["cpu", "qint8"],
      ["wasm", "edge"],
    ],
    requestAt: sequenceRequest,
    // Padded by three to none: lengths are mixed in one run, too.
    alikeAt: (i) => ({ userId: `u${i % sequenceUsers}`, history: items(i, 13 + (i % 4)) }),
  },
  "cold-start": {
    build: (output) => buildSmallSongsBundle(output, ["fp32", "edge"]),
    forms: [
      ["cpu", "fp32"],
      ["cpu", "edge"],
      ["wasm", "edge"],
    ],
    requestAt: songsRequest,
    alikeAt: (i) => ({
      model: "songs",
      history: songs(i, 3 + (i % 6)),
      tracks: unheard(i, 3 + (i % 5)),
    }),
  },
};

/** Known users, newcomers, candidates, exclusions, other lengths. */
function playlistsRequest(i: number): RequestFields {
  const userId = listenerId((i * 7) % 500);
  const heard = [...smallWorld.follows(i)].map(playlistId);
  const kinds: readonly RequestFields[] = [
    { userId },
    { history: heard },
    { userId, candidates: Array.from({ length: 75 }, (_, k) => playlistId((i + 3 * k) % 500)) },
    { userId, exclude: heard, topK: 3 },
    { history: heard.slice(0, 3), candidates: heard, topK: 100 },
    { userId, history: heard, excludeHistory: true, topK: 20 },
    {},
  ];
  return kinds[i % kinds.length]!;
}

/** The same of sequences, from one item to more than the model takes. */
function sequenceRequest(i: number): RequestFields {
  const userId = `u${(i * 7) % sequenceUsers}`;
  const kinds: readonly RequestFields[] = [
    { userId, history: items(i, 1 + (i % longestSequence)) },
    { history: items(i, 1 + ((3 * i) % 20)) },
    { userId, history: items(i, 3 * longestSequence), topK: 100 },
    { userId, history: items(i, 12), candidates: items(i, 75), exclude: items(i, 5) },
    { history: items(i, 30), exclude: items(3 * i, 60), excludeHistory: true },
    { userId },
  ];
  return kinds[i % kinds.length]!;
}

/** Known tracks, new ones, both, from one to many. */
function songsRequest(i: number): RequestFields {
  const kinds: readonly RequestFields[] = [
    { history: songs(i, 5) },
    { tracks: unheard(i, 5) },
    { tracks: unheard(i, 1 + (i % 40)), history: songs(i, 1 + (i % 70)) },
    { tracks: unheard(i, 2), candidates: songs(i, 20), exclude: songs(i + 1, 5) },
    { history: songs(i, 9), excludeHistory: true, topK: 30 },
    { history: ["of nobody"] },
  ];
  return { model: "songs", ...kinds[i % kinds.length]! };
}

function songs(seed: number, count: number): string[] {
  return Array.from({ length: count }, (_, k) => `t${(17 * seed + 7 * k * k + k) % songCount}`);
}

function unheard(seed: number, count: number): { title: string; artist: string }[] {
  return Array.from({ length: count }, (_, k) => ({
    title: `Nobody has heard of it, no. ${seed + 3 * k}`,
    artist: k % 3 === 0 ? "" : `Somebody ${seed % 7}`,
  }));
}

function items(seed: number, count: number): string[] {
  return Array.from({ length: count }, (_, k) => `m${(17 * seed + 7 * k * k + k) % sequenceItems}`);
}

/** Ids, order, scores to the last bit, and what else the reply says. */
async function alone(channel: Channel, fields: RequestFields): Promise<unknown> {
  return { $case: "response", value: await recommend(channel, fields) };
}

describe.each(Object.entries(subjects))("%s", (_, { build, forms, requestAt, alikeAt }) => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await openFolder();
    await build(folder.path);
  }, patienceMs);
  afterAll(() => folder[Symbol.asyncDispose]());

  test.each(forms)(
    "%s %s: a request alone and in any batch, at any place, has the same answer",
    async (provider, variant) => {
      await using server = await openServer([
        "--models",
        folder.path,
        "--variant",
        variant,
        "--provider",
        provider,
      ]);
      const { channel } = server;

      const requests = Array.from({ length: 128 }, (_, i) => requestAt(i));
      const expected: unknown[] = [];
      for (const request of requests) expected.push(await alone(channel, request));
      for (const size of batchSizes) {
        expect(await batchRecommend(channel, requests.slice(0, size))).toEqual(
          expected.slice(0, size),
        );
      }

      // Each in turn at every other's place.
      const alike = Array.from({ length: 128 }, (_, i) => alikeAt(i));
      const single = await Promise.all(alike.map((request) => alone(channel, request)));
      for (const size of batchSizes) {
        for (const first of [0, 1, 61, 127]) {
          const places = Array.from({ length: size }, (_, i) => (first + i * 37) % 128);
          const batch = await batchRecommend(
            channel,
            places.map((place) => alike[place]!),
          );
          expect(batch).toEqual(places.map((place) => single[place]));
        }
      }
      expect(await largestBatch(server.serving.metricsPort!)).toBe(128);
    },
    patienceMs,
  );
});

/** From the server's own metrics: that rows did share runs. */
async function largestBatch(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const counts = [...text.matchAll(/^crossfade_batch_rows_bucket\{le="(\d+|\+Inf)".*\} (\d+)$/gm)];
  const total = Number(counts.at(-1)![2]);
  const reached = counts.find(([, , count]) => Number(count) === total)!;
  return Number(reached[1]);
}
