import { expect, test } from "vitest";
import type { Tensors } from "../tensors.ts";
import type { GraphRunner } from "./graph-runner.ts";
import { measureLatency } from "./latency.ts";

/** Takes as many milliseconds as the batch has rows; the first run of each size takes a second more. */
function createPuppet() {
  let nowMs = 0;
  const warm = new Set<number>();
  const runner: GraphRunner = {
    run: (feeds) => {
      const rows = feeds["user"]!.dims[0]!;
      nowMs += rows + (warm.has(rows) ? 0 : 1_000);
      warm.add(rows);
      return Promise.resolve<Tensors>({});
    },
    close: () => Promise.resolve(),
  };
  return { runner, now: () => nowMs };
}

const feeds = (rows: number): Tensors => ({
  user: { type: "int32", dims: [rows], data: new Int32Array(rows) },
});

test("each batch size has its time, without the first run's", async () => {
  const { runner, now } = createPuppet();
  const latency = await measureLatency(runner, { items: 500, feeds, threads: 2, now });
  expect(latency).toMatchObject({ threads: 2, batchMs: { 1: 1, 8: 8, 32: 32, 128: 128 } });
});

test("a catalogue too large for large batches is measured with small ones", async () => {
  const { runner, now } = createPuppet();
  const { batchMs } = await measureLatency(runner, {
    items: 5_000_000,
    feeds,
    threads: 1,
    now,
  });
  expect(batchMs).toEqual({ 1: 1, 8: 8 });
});
