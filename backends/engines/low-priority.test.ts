import { readdirSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { lowerPriority, mayReturn } from "./low-priority.ts";
import { openEngine } from "./open-engine.ts";
import { sampleFeeds, sampleGraph } from "./sample-graph.ts";

const priorities = () => readdirSync("/proc/self/task").map((id) => getPriority(Number(id)));

test.runIf(mayReturn())("the thread goes down and comes back", () => {
  const before = getPriority();
  const restore = lowerPriority();
  expect(getPriority()).toBe(19);
  restore();
  expect(getPriority()).toBe(before);
});

test.skipIf(mayReturn())("where the way back is closed, nothing happens", () => {
  const before = getPriority();
  lowerPriority();
  expect(getPriority()).toBe(before);
});

test.runIf(process.platform === "linux")(
  "an open engine leaves no thread at low priority",
  async () => {
    const before = new Set(priorities());
    const warmUp = [sampleFeeds(2)];
    await using engine = await openEngine({
      provider: "cpu",
      graph: sampleGraph(),
      workers: 2,
      intraOpThreads: 2,
      warmUp,
    });
    // The order to come back is obeyed before the first run.
    const call = { deadlineMs: Infinity, signal: new AbortController().signal };
    await Promise.all([engine.run(sampleFeeds(1), call), engine.run(sampleFeeds(1), call)]);
    expect(new Set(priorities())).toEqual(before);
  },
);
