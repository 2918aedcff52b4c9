import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { openEngine } from "./open-engine.ts";
import { sampleFeeds, sampleGraph } from "./sample-graph.ts";

test("a thread that died is replaced only when its files are still those that it was opened with", async () => {
  const threads: Worker[] = [];
  const notice = (worker: Worker) => threads.push(worker);
  process.on("worker", notice);
  let areChanged = true;
  const losses: string[] = [];
  await using engine = await openEngine({
    provider: "cpu",
    graph: sampleGraph(),
    warmUp: [sampleFeeds(1)],
    mayReopen: async () => {
      if (areChanged) throw new Error("weights.f32 has another checksum");
    },
    lost: (why) => losses.push(why.message),
  });
  threads[0]?.postMessage("order that does not exist", []);
  await expect.poll(() => losses).toContain("weights.f32 has another checksum");
  expect(engine.isReady()).toBe(false);
  expect(threads).toHaveLength(1);
  areChanged = false;
  await expect.poll(() => engine.isReady(), { timeout: 20_000 }).toBe(true);
  process.off("worker", notice);
});
