import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkReference } from "../eval/reference/check-reference.ts";
import { readReference } from "../eval/reference/reference.ts";
import { defaultGate } from "../models/bundle/gate.ts";
import { batchRecommend } from "./calls.fixture.ts";
import { openServer } from "./open-server.fixture.ts";

const bundles = new URL("../examples/bundles/", import.meta.url);
const bundle = new URL("tracks/1", bundles).pathname;
const file = new URL("tracks-1.reference.jsonl", bundles);
const cases = readReference(await readFile(file, "utf8"), file.pathname);

test("the sequence model that comes with the sources answers over gRPC what PyTorch answered when it was trained", async () => {
  await using server = await openServer(["--bundle", bundle, "--variant", "fp32"]);
  const side = {
    name: "served",
    target: server.serving.address,
    model: "tracks",
    version: "1",
    metadata: new Map<string, string>(),
  };
  const result = await checkReference(side, cases, {
    inFlight: 16,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  expect(result.users).toBe(128);
  expect(result.different).toEqual([]);
  expect(result.worst).toBeLessThan(1e-4);
  expect(result.labels).toMatchObject({ failed: {}, degraded: {} });
});

test.each(["qint8", "edge"])(
  "its %s form stays inside the gate, asked in batches",
  async (variant) => {
    await using server = await openServer(["--bundle", bundle, "--variant", variant]);
    const requests = cases.map(({ question: { userId, history, topK } }) => ({
      model: "tracks",
      userId,
      history: [...history],
      topK,
    }));
    let [found, first] = [0, 0];
    for (let at = 0; at < cases.length; at += 32) {
      const results = await batchRecommend(server.channel, requests.slice(at, at + 32));
      results.forEach((result, i) => {
        const ids = result?.$case === "response" ? result.value.items.map(({ id }) => id) : [];
        const trained = cases[at + i]!.top.map(({ id }) => id);
        found += trained.filter((id) => ids.includes(id)).length / trained.length;
        first += trained[0] === ids[0] ? 1 : 0;
      });
    }
    expect(found / cases.length).toBeGreaterThanOrEqual(defaultGate.minOverlap10);
    expect(first / cases.length).toBeGreaterThanOrEqual(defaultGate.minTop1);
  },
);
