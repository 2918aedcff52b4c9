import { expect, test } from "vitest";
import { listenerId, playlistId } from "../loadtest/world/create-world.ts";
import type { Channel } from "../transport/transport.ts";
import { batchRecommend, recommend, type RequestFields } from "./calls.fixture.ts";
import { openFolder, openServer } from "./open-server.fixture.ts";
import { buildSmallBundle, smallWorld } from "./small-bundle.fixture.ts";

const batchSizes = [2, 3, 32, 128];

/** Every kind of request, several times over: known users, newcomers, candidates, exclusions, other lengths. */
function requestAt(i: number): RequestFields {
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

/** Ids, order, scores to the last bit, and what else the reply says. */
async function alone(channel: Channel, fields: RequestFields): Promise<unknown> {
  return { $case: "response", value: await recommend(channel, fields) };
}

test.each([
  ["cpu", "fp32"],
  ["cpu", "qint8"],
  ["wasm", "qint8"],
])(
  "%s %s: a request alone and in any batch, at any place, has the same answer",
  async (provider, variant) => {
    await using folder = await openFolder();
    await buildSmallBundle(`${folder.path}/playlists/1`);
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

    // One kind only, so that all of them really share one run; each in turn at every other's place.
    const known = Array.from({ length: 128 }, (_, i) => ({ userId: listenerId(i) }));
    const single = await Promise.all(known.map((request) => alone(channel, request)));
    for (const size of batchSizes) {
      for (const first of [0, 1, 61, 127]) {
        const places = Array.from({ length: size }, (_, i) => (first + i * 37) % 128);
        const batch = await batchRecommend(
          channel,
          places.map((place) => known[place]!),
        );
        expect(batch).toEqual(places.map((place) => single[place]));
      }
    }
    expect(await largestBatch(server.serving.metricsPort!)).toBe(128);
  },
);

/** From the server's own metrics: that rows did share runs. */
async function largestBatch(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const counts = [...text.matchAll(/^crossfade_batch_rows_bucket\{le="(\d+|\+Inf)".*\} (\d+)$/gm)];
  const total = Number(counts.at(-1)![2]);
  const reached = counts.find(([, , count]) => Number(count) === total)!;
  return Number(reached[1]);
}
