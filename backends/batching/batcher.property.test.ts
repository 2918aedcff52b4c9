import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Batch } from "./batch.ts";
import { createScene, type Guest, indexes, runMs, timedRuns } from "./batching-scene.ts";
import type { Ticket } from "./lane.ts";

const gapMs = fc.double({ min: 0, max: 30, noNaN: true });
const slowness = fc.double({ min: 0.1, max: 20, noNaN: true });
const script = fc.record({
  workers: fc.integer({ min: 1, max: 3 }),
  maxBatch: fc.integer({ min: 1, max: 6 }),
  maxQueuedRows: fc.integer({ min: 1, max: 30 }),
  isSeeded: fc.boolean(),
  /** Of runs of a lane, to what was timed. */
  slowness: fc.record({ a: slowness, b: slowness, c: slowness }),
  arrivals: fc.array(
    fc.record({
      gapMs,
      rows: fc.integer({ min: 1, max: 12 }),
      lane: fc.constantFrom("a", "b", "c"),
      patienceMs: fc.oneof(fc.constant(Infinity), fc.double({ min: 0, max: 200, noNaN: true })),
      leavesAfterMs: fc.option(gapMs, { nil: undefined }),
    }),
    { maxLength: 40, size: "max" },
  ),
});

/** Plays the arrivals; `look` is called whenever anything may have changed. */
async function play(
  as: typeof script extends fc.Arbitrary<infer Script> ? Script : never,
  look: (scene: Scene) => void,
) {
  const costMs = ({ lane, tickets }: Batch<Guest>) =>
    runMs(tickets.length) * as.slowness[lane.key as "a" | "b" | "c"];
  const scene = createScene({ ...as, costMs });
  const { clock, batcher } = scene;
  const removed = new Set<Ticket<Guest>>();
  if (as.isSeeded) batcher.seed("a", timedRuns);
  const leave = (ticket: Ticket<Guest>) => {
    if (ticket.lane !== undefined) removed.add(ticket);
    batcher.remove(ticket);
  };
  for (const { gapMs, rows, lane, patienceMs, leavesAfterMs } of as.arrivals) {
    await clock.advanceTo(clock.now() + gapMs);
    const own = Array.from({ length: rows }, () => scene.arrive(lane, clock.now() + patienceMs));
    await scene.endTurn();
    if (leavesAfterMs !== undefined)
      clock.at(clock.now() + leavesAfterMs, () => own.forEach(leave));
    look(scene);
  }
  while (await clock.step()) look(scene);
  return { ...scene, removed };
}

const asTimed = { a: 1, b: 1, c: 1 };

type Scene = ReturnType<typeof createScene>;

describe("whatever arrives and leaves", () => {
  test("each row runs once, or is refused once, or leaves", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (as) => {
        const { tickets, removed, batcher } = await play(as, () => {});
        for (const ticket of tickets)
          expect(ticket.owner.outcomes).toHaveLength(removed.has(ticket) ? 0 : 1);
        expect(batcher.load().queuedRows).toBe(0);
      }),
    );
  });

  test("a batch holds one lane, at most its largest batch, in order of arrival and across batches", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (as) => {
        const { batches } = await play(as, () => {});
        for (const { lane, tickets } of batches) {
          expect(tickets.length).toBeLessThanOrEqual(as.maxBatch);
          expect(new Set(tickets.map(({ row }) => row.lane))).toEqual(new Set([lane.key]));
        }
        for (const lane of ["a", "b", "c"]) {
          const order = indexes(batches.filter((batch) => batch.lane.key === lane)).flat();
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  test("the queue stays within its bound, and no session idles beside a row that waits", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (as) => {
        await play(as, ({ batcher, batches, waiting, idles }) => {
          const running = batches.filter((batch) => batch.tickets[0]!.owner.outcomes.length === 0);
          expect(batcher.load().queuedRows).toBe(waiting().length);
          expect(waiting().length).toBeLessThanOrEqual(as.maxQueuedRows);
          expect(running.length).toBeLessThanOrEqual(2 * as.workers);
          if (idles()) expect(waiting()).toEqual([]);
        });
      }),
    );
  });

  test("no row leaves past due", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (as) => {
        const { batches } = await play(as, () => {});
        for (const { tickets, formedMs } of batches)
          for (const { dueMs } of tickets) expect(dueMs).toBeGreaterThanOrEqual(formedMs);
      }),
    );
  });

  test("no batch leaves while an older row waits that could make it", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (as) => {
        let seen = 0;
        const arrivals = as.arrivals.map((one) => ({ ...one, patienceMs: Infinity }));
        await play({ ...as, arrivals }, ({ batches, waiting }) => {
          const oldestMs = Math.min(...waiting().map(({ arrivedMs }) => arrivedMs));
          for (const { tickets } of batches.slice(seen))
            expect(tickets[0]!.arrivedMs).toBeLessThanOrEqual(oldestMs);
          seen = batches.length;
        });
      }),
    );
  });

  test("with the true cost known, every row that runs ends before it is due", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (as) => {
        const { endsMs } = await play({ ...as, isSeeded: true, slowness: asTimed }, () => {});
        for (const [{ tickets }, endMs] of endsMs)
          for (const { dueMs } of tickets) expect(endMs).toBeLessThanOrEqual(dueMs + 0.001);
      }),
    );
  });
});
