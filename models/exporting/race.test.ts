import { expect, test } from "vitest";
import type { Tensors } from "../tensors.ts";
import type { GraphRunner } from "./graph-runner.ts";
import { race } from "./race.ts";

const feeds = (rows: number): Tensors => ({
  user: { type: "int32", dims: [rows], data: new Int32Array(rows) },
});

test("the least of each counts, whatever slows single runs down", async () => {
  let nowMs = 0;
  let runs = 0;
  const runner = (ms: number): GraphRunner => ({
    run: (feeds) => {
      expect(feeds["user"]!.dims).toEqual([32]);
      runs += 1;
      nowMs += ms + (runs % 4 === 0 ? 0 : 100 * runs);
      return Promise.resolve<Tensors>({});
    },
    close: () => Promise.resolve(),
  });
  const [first, second, third] = [runner(7), runner(5), runner(6)];
  expect(await race([first, second, third], { feeds, rows: 32, now: () => nowMs })).toEqual([
    7, 5, 6,
  ]);
});
