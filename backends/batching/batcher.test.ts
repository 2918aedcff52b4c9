import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { createSessionRuns } from "../session-runs.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import type { Batch } from "./batch.ts";
import { createBatcher } from "./batcher.ts";
import {
  createScene,
  createTicket,
  type Guest,
  indexes,
  type Outcome,
  timedRuns,
} from "./batching-scene.ts";

async function runAll(clock: VirtualClock) {
  while (await clock.step());
}

const sizes = (batches: readonly Batch<Guest>[]) => batches.map(({ tickets }) => tickets.length);
describe("when a batch leaves", () => {
  test("an idle engine takes a single row, at the end of the turn", async () => {
    const { arrive, batches, endTurn } = createScene();
    arrive();
    expect(batches).toHaveLength(0);
    await endTurn();
    expect(sizes(batches)).toEqual([1]);
  });

  test("rows that arrive in one turn run together", async () => {
    const { arrive, batches, endTurn } = createScene();
    for (let i = 0; i < 3; i++) arrive();
    await endTurn();
    expect(sizes(batches)).toEqual([3]);
  });

  test("a busy engine gets what has come meanwhile, when it is free", async () => {
    const { clock, arrive, batches, endTurn } = createScene();
    for (let i = 0; i < 4; i++) {
      arrive();
      await endTurn();
    }
    expect(sizes(batches)).toEqual([1]);
    await runAll(clock);
    expect(sizes(batches)).toEqual([1, 3]);
  });

  test("only a full batch is sent ahead, and one per session", async () => {
    const { clock, arrive, batches, endTurn } = createScene();
    for (let i = 0; i < 11; i++) arrive();
    await endTurn();
    expect(sizes(batches)).toEqual([4, 4]);
    await runAll(clock);
    expect(sizes(batches)).toEqual([4, 4, 3]);
  });

  test("a batch leaves while its call is still being read", () => {
    const { arrive, batches } = createScene();
    for (let i = 0; i < 5; i++) arrive();
    expect(sizes(batches)).toEqual([4]);
  });

  test("every session gets work", async () => {
    const { arrive, batches, endTurn } = createScene({ workers: 3 });
    for (let i = 0; i < 3; i++) {
      arrive();
      await endTurn();
    }
    expect(sizes(batches)).toEqual([1, 1, 1]);
  });

  test("a full batch is not sent behind a slow one while another session will be free sooner", async () => {
    const scene = createScene({
      workers: 2,
      costMs: ({ lane }) => (lane.key === "slow" ? 100 : 2),
    });
    const { clock, batcher, arrive, batches, ranMs, idles } = scene;
    batcher.seed("slow", [{ rows: 4, ms: 100 }]);
    batcher.seed("quick", [{ rows: 4, ms: 2 }]);
    for (const lane of ["slow", "quick", "quick"]) for (let i = 0; i < 4; i++) arrive(lane);
    expect(sizes(batches)).toEqual([4, 4, 4]);
    await clock.advanceTo(5);
    expect(ranMs).toEqual([2, 2]);
    expect(idles()).toBe(true);
    arrive("quick");
    await clock.advanceTo(8);
    expect(ranMs).toEqual([2, 2, 2]);
    await runAll(clock);
    expect(ranMs).toEqual([2, 2, 2, 100]);
  });

  test("rows wait outside for the session that is free first, not inside behind a slower one", async () => {
    const scene = createScene({
      workers: 2,
      costMs: ({ lane }) => (lane.key === "slow" ? 100 : 2),
    });
    const { clock, batcher, arrive, batches } = scene;
    batcher.seed("slow", [{ rows: 4, ms: 100 }]);
    batcher.seed("quick", [{ rows: 4, ms: 2 }]);
    for (const lane of ["slow", "quick", "quick", "quick", "quick"])
      for (let i = 0; i < 4; i++) arrive(lane);
    expect(batches).toHaveLength(3);
    await clock.advanceTo(8);
    expect(batches.map(({ formedMs }) => formedMs)).toEqual([0, 0, 0, 2, 4]);
  });

  test("the next batch leaves before the last one's replies are made", async () => {
    const { clock, arrive, batches, endTurn } = createScene();
    const { owner } = arrive();
    await endTurn();
    arrive();
    const seen: number[] = [];
    owner.outcomes.push = () => seen.push(batches.length);
    await runAll(clock);
    expect(seen).toEqual([2]);
  });

  test("a lane with one old row goes before one that is always full", async () => {
    const { clock, arrive, batches } = createScene({ maxBatch: 2 });
    for (let i = 0; i < 4; i++) arrive("crowd");
    await clock.advanceTo(1);
    const lonely = arrive("lonely");
    await clock.advanceTo(2);
    for (let i = 0; i < 8; i++) arrive("crowd");
    await runAll(clock);
    expect(batches.findIndex(({ tickets }) => tickets.includes(lonely))).toBe(2);
  });
});

describe("what is refused", () => {
  test("rows over the bound, with a hint when to come back", () => {
    const { arrive, tickets, batcher } = createScene({ maxQueuedRows: 3, maxBatch: 100 });
    for (let i = 0; i < 5; i++) arrive();
    expect(batcher.load().queuedRows).toBe(3);
    expect(tickets.map(({ owner }) => owner.outcomes.length)).toEqual([0, 0, 0, 1, 1]);
    expect(tickets[3]!.owner.outcomes[0]).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      trailers: { "grpc-retry-pushback-ms": expect.stringMatching(/^\d+$/) },
    });
  });

  test("rows that could not be answered in time, before they are computed", async () => {
    const { clock, batcher, arrive, batches } = createScene();
    batcher.seed("a", timedRuns);
    const hurried = arrive("a", 10);
    const patient = arrive("a", 13);
    await runAll(clock);
    expect(hurried.owner.outcomes).toEqual([
      expect.objectContaining({ code: Code.DEADLINE_EXCEEDED }),
    ]);
    expect(patient.owner.outcomes).toEqual(["ran"]);
    expect(indexes(batches)).toEqual([[1]]);
  });

  test("rows that the run in front would make late, when they are sent ahead", async () => {
    const { clock, batcher, arrive } = createScene();
    batcher.seed("a", timedRuns);
    for (let i = 0; i < 4; i++) arrive();
    await clock.advanceTo(1);
    // Three alone would end at 27, all four at 28.
    const hurried = [1, 2, 3].map(() => arrive("a", 27.5));
    const patient = arrive();
    await runAll(clock);
    for (const { owner } of hurried)
      expect(owner.outcomes).toEqual([expect.objectContaining({ code: Code.DEADLINE_EXCEEDED })]);
    expect(patient.owner.outcomes).toEqual(["ran"]);
  });

  test("rows that the queue ahead of them would make late", async () => {
    const { clock, batcher, arrive } = createScene();
    batcher.seed("a", [{ rows: 4, ms: 14 }]);
    for (let i = 0; i < 12; i++) arrive();
    expect(arrive("a", 40).owner.outcomes).toEqual([
      expect.objectContaining({
        code: Code.RESOURCE_EXHAUSTED,
        trailers: { "grpc-retry-pushback-ms": "56" },
      }),
    ]);
    expect(arrive("a", 60).owner.outcomes).toEqual([]);
    await runAll(clock);
  });

  test("nothing, because one session of two hangs", async () => {
    const scene = createScene({
      workers: 2,
      costMs: ({ lane }) => (lane.key === "hung" ? 1e6 : 2),
    });
    const { clock, batcher, arrive } = scene;
    batcher.seed("a", [{ rows: 1, ms: 2 }]);
    arrive("hung");
    await clock.advanceTo(10_000);
    const rows = Array.from({ length: 8 }, () => arrive("a", clock.now() + 20));
    await clock.advanceTo(10_100);
    expect(rows.flatMap(({ owner }) => owner.outcomes)).toEqual(rows.map(() => "ran"));
  });

  test("what a hung engine would make late", async () => {
    const { clock, batcher, arrive } = createScene({ costMs: () => 1e6 });
    batcher.seed("a", timedRuns);
    arrive();
    await clock.advanceTo(100);
    expect(arrive("a", 180).owner.outcomes).toEqual([
      expect.objectContaining({ code: Code.RESOURCE_EXHAUSTED }),
    ]);
    expect(arrive("a", 200).owner.outcomes).toEqual([]);
  });

  test("not more, after a hiccup, because one caller was in too much of a hurry", async () => {
    let hiccup = false;
    const scene = createScene({ costMs: () => (hiccup ? 1000 : 11) });
    const { clock, batcher, arrive } = scene;
    batcher.seed("a", timedRuns);
    arrive("a", 5);
    await runAll(clock);
    hiccup = true;
    arrive("a");
    await runAll(clock);
    expect(batcher.costMs(1)).toBeLessThan(20);
  });

  test("a wrong prediction does not refuse for ever", async () => {
    const { clock, batcher, arrive } = createScene();
    batcher.seed("a", [{ rows: 1, ms: 60_000 }]);
    let tries = 0;
    let outcomes: Outcome[];
    do {
      ({ outcomes } = arrive("a", clock.now() + 100).owner);
      await runAll(clock);
      tries++;
    } while (outcomes[0] !== "ran");
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(100);
    expect(batcher.costMs(1)).toBeLessThan(20);
  });
});

test("a failed run fails its rows and lets the next batch go", async () => {
  const clock = createVirtualClock();
  const failed: number[] = [];
  const delivered: number[] = [];
  const batcher = createBatcher<Guest>({
    maxBatch: () => 2,
    clock,
    sessions: () => [createSessionRuns()],
    async run({ tickets }) {
      if (tickets[0]!.index === 0) throw new Error("died");
      return { runMs: 1, deliver: () => delivered.push(...tickets.map(({ index }) => index)) };
    },
    fail: ({ tickets }) => failed.push(...tickets.map(({ index }) => index)),
    refuse: () => {},
  });
  for (let index = 0; index < 3; index++)
    batcher.add(
      createTicket({ lane: "a", dueMs: Infinity, index, arrivedMs: 0, turns: batcher.enter() }),
    );
  await clock.advanceTo(1);
  expect([failed, delivered]).toEqual([[0, 1], [2]]);
});

describe("what it predicts", () => {
  test("wait and run, of rows in flight, queued and asked for", async () => {
    const { clock, batcher, arrive, endTurn } = createScene();
    expect(batcher.costMs(1)).toBe(0);
    batcher.seed("a", timedRuns);
    expect(batcher.costMs(1)).toBeCloseTo(11);
    expect(batcher.costMs(8)).toBeCloseTo(28);
    arrive();
    await endTurn();
    arrive();
    await clock.advanceTo(5);
    expect(batcher.costMs(1)).toBeCloseTo(6 + 11 + 11);
  });

  test("more, the longer a run overstays", async () => {
    const { clock, batcher, arrive } = createScene({ costMs: () => 1e6 });
    batcher.seed("a", timedRuns);
    arrive();
    const costs: number[] = [];
    for (const atMs of [0, 100, 1000, 10_000]) {
      await clock.advanceTo(atMs);
      costs.push(batcher.costMs(1));
    }
    expect(costs).toEqual([11 + 11, 89 + 11, 989 + 11, 9989 + 11].map((ms) => expect.closeTo(ms)));
  });

  test("of an unknown lane what the mean row costs, not what the last one did", async () => {
    const scene = createScene({ costMs: ({ lane }) => (lane.key === "rare" ? 110 : 10) });
    const { clock, batcher, arrive } = scene;
    for (let i = 0; i < 99; i++) {
      arrive("usual");
      await runAll(clock);
    }
    arrive("rare");
    await runAll(clock);
    expect(batcher.costMs(1)).toBeCloseTo(11);
  });

  test("shared by the sessions", () => {
    const { batcher } = createScene({ workers: 2 });
    batcher.seed("a", [{ rows: 4, ms: 14 }]);
    expect(batcher.costMs(8)).toBeCloseTo(14);
  });
});
