import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { createLoad } from "./load.ts";

function createScene() {
  const clock = createVirtualClock();
  const load = createLoad(clock);
  /** `times` calls, one after the other. */
  const calls = async (rows: number, ms: number, times = 1) => {
    for (let i = 0; i < times; i++) {
      const ended = load.started(rows);
      await clock.advanceTo(clock.now() + ms);
      ended(true);
    }
  };
  return { clock, load, calls };
}

test("what calls take is predicted, each size for itself, and changes are followed within a few calls", async () => {
  const { load, calls } = createScene();
  await calls(1, 4, 20);
  await calls(200, 30, 20);
  expect(load.predictMs(1)).toBeCloseTo(4, 0);
  expect(load.predictMs(200)).toBeCloseTo(30, 0);
  await calls(1, 40, 5);
  expect(load.predictMs(1)).toBeGreaterThan(25);
});

test("a server that hangs is dear at once, the more so the more it has been given", async () => {
  const { clock, load, calls } = createScene();
  await calls(1, 4, 20);
  load.started(1);
  const afterOne = load.predictMs(1);
  expect(afterOne).toBeGreaterThan(4);
  load.started(1);
  expect(load.predictMs(1)).toBeGreaterThan(afterOne);
  await clock.advanceTo(clock.now() + 100);
  expect(load.predictMs(1)).toBeGreaterThanOrEqual(100);
});

test("a call in vain counts by how long it was, until one is answered; a quick failure does not look fast", async () => {
  const { clock, load, calls } = createScene();
  await calls(1, 4, 20);
  load.started(1)(false);
  expect(load.predictMs(1)).toBeCloseTo(4, 0);
  const ended = load.started(1);
  await clock.advanceTo(clock.now() + 240);
  ended(false);
  expect(load.predictMs(1)).toBeCloseTo(240, 0);
  await calls(1, 4);
  expect(load.predictMs(1)).toBeCloseTo(4, 0);
});

test("the usual crowd costs the usual; a call that is told twice counts once", async () => {
  const { clock, load } = createScene();
  for (let i = 0; i < 50; i++) {
    const ended = Array.from({ length: 4 }, () => load.started(1));
    await clock.advanceTo(clock.now() + 8);
    for (const end of [...ended, ...ended]) end(true);
  }
  const crowd = Array.from({ length: 2 }, () => load.started(1));
  expect(load.predictMs(1)).toBeLessThan(12);
  for (const end of crowd) end(true);
});

test("what was slow long ago is tried again", async () => {
  const { clock, load, calls } = createScene();
  await calls(1, 4, 20);
  await calls(1, 200, 20);
  await clock.advanceTo(clock.now() + 60_000);
  expect(load.predictMs(1)).toBeLessThan(20);
});

test("more rows never cost less, whatever was measured", async () => {
  const measured = fc.array(
    fc.record({ rows: fc.integer({ min: 1, max: 2_000 }), ms: fc.integer({ min: 1, max: 300 }) }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(measured, async (measured) => {
      const { load, calls } = createScene();
      for (const { rows, ms } of measured) await calls(rows, ms);
      const costs = [1, 2, 5, 17, 65, 257, 1_025, 5_000].map((rows) => load.predictMs(rows));
      expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    }),
  );
});
