import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createScene, type Guest, indexes, runMs, timedRuns } from "./batching-scene.ts";
import type { Ticket } from "./lane.ts";
import type { VirtualClock } from "../virtual-clock.ts";

async function runAll(clock: VirtualClock) {
  while (await clock.step());
}

test("a row of each, then the next row of each", async () => {
  const { clock, batches, arrive, arriveTogether, endTurn } = createScene({ maxBatch: 3 });
  arrive();
  await endTurn();
  for (let i = 0; i < 3; i++) arrive();
  arriveTogether(4);
  arriveTogether(2);
  await runAll(clock);
  expect(indexes(batches)).toEqual([[0], [1, 2, 3], [4, 8, 5], [9, 6, 7]]);
});

test("who comes late is not behind the whole of a large call, and does not keep it from its turn", async () => {
  const { clock, batches, arrive, arriveTogether } = createScene({ maxBatch: 2 });
  arriveTogether(6);
  for (let i = 0; i < 4; i++) arrive();
  await runAll(clock);
  // Two batches left at once.
  expect(indexes(batches)).toEqual([
    [0, 1],
    [2, 3],
    [4, 6],
    [7, 8],
    [9, 5],
  ]);
});

test("a full queue refuses the last row of the call that filled it, not who comes next", async () => {
  const { tickets, arrive, arriveTogether, endTurn } = createScene({
    maxQueuedRows: 6,
    maxBatch: 8,
  });
  arrive();
  await endTurn();
  arriveTogether(4, "b");
  arriveTogether(2);
  const late = arrive("c");
  const refused = tickets.filter(({ owner }) => owner.outcomes.length > 0);
  expect(refused.map(({ index }) => index)).toEqual([4]);
  expect(late.lane).toBeDefined();
});

test("a call of a thousand rows holds up nobody who comes after it, in its lane or another", async () => {
  const maxBatch = 32;
  const batchMs = runMs(maxBatch);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(
        fc.record({
          gapMs: fc.double({ min: 0, max: 30, noNaN: true }),
          lane: fc.constantFrom("a", "b"),
        }),
        { maxLength: 30 },
      ),
      async (workers, arrivals) => {
        const scene = createScene({ workers, maxBatch, maxQueuedRows: 1_000 });
        const { clock, batcher, batches } = scene;
        for (const lane of ["a", "b"]) batcher.seed(lane, timedRuns);
        const large = scene.arriveTogether(1_100);
        const patienceMs = 5 * batchMs;
        const others: Ticket<Guest>[] = [];
        for (const { gapMs, lane } of arrivals) {
          await clock.advanceTo(clock.now() + gapMs);
          others.push(scene.arrive(lane, clock.now() + patienceMs));
        }
        while (await clock.step());
        for (const ticket of others) {
          expect(ticket.owner.outcomes).toEqual(["ran"]);
          const batch = batches.find(({ tickets }) => tickets.includes(ticket))!;
          // One batch that runs, and one of the other lane, whose turn it may be.
          expect(batch.formedMs - ticket.arrivedMs).toBeLessThanOrEqual(2 * batchMs);
        }
        // It fills what they leave, and gets all but what was too much for the queue.
        const ran = large.filter(({ owner }) => owner.outcomes[0] === "ran").length;
        expect(ran).toBeGreaterThanOrEqual(1_000 - others.length);
      },
    ),
    { numRuns: 30 },
  );
});
