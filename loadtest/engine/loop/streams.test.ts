import { expect, test } from "vitest";
import { samplePlan } from "../sample-plan.fixture.ts";
import { createFreeStreams } from "./free-streams.ts";
import { connectionsOf, streamsOf } from "./streams.ts";

const shares = [0, 1, 2].map((index) => ({ index, of: 3 }));

test("workers have as many connections, or one more, and all together each of them once", () => {
  const plan = { ...samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 }), connections: 7 };
  expect(shares.map((share) => connectionsOf(plan, share))).toEqual([
    [0, 3, 6],
    [1, 4],
    [2, 5],
  ]);
});

test("a closed loop has its streams, and no connection has more than it carries", () => {
  const schedule = { kind: "closed", streams: 20, forMs: 1_000 } as const;
  const plan = { ...samplePlan(schedule), connections: 7, streamsPerConnection: 3 };
  const streams = shares.map((share) => streamsOf(plan, share));
  expect(streams.map(({ length }) => length)).toEqual([8, 6, 6]);
  for (const own of streams) {
    const counts = [0, 1, 2].map((at) => own.filter(({ connection }) => connection === at).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(3);
  }
});

test("calls go to connections in turn: streams are taken in the order in which they became free", () => {
  const plan = {
    ...samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 }),
    connections: 3,
    streamsPerConnection: 2,
  };
  const streams = streamsOf(plan, { index: 0, of: 1 });
  expect(streams.map(({ connection }) => connection)).toEqual([0, 1, 2, 0, 1, 2]);
  const free = createFreeStreams(streams.length);
  expect([free.take(), free.take(), free.take()]).toEqual([0, 1, 2]);
  free.give(1);
  free.give(0);
  expect(Array.from({ length: free.count }, () => free.take())).toEqual([3, 4, 5, 1, 0]);
  expect(free.count).toBe(0);
});
