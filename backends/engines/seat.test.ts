import { expect, test } from "vitest";
import { createSeat, restartDelayMs } from "./seat.ts";
import { type PuppetThread, puppetThread } from "./session-thread.puppet.ts";

test("the first restart is immediate, the others come ever later, up to half a minute", () => {
  expect([1, 2, 3, 4, 5].map(restartDelayMs)).toEqual([0, 100, 200, 400, 800]);
  expect(restartDelayMs(30)).toBe(30_000);
});

/** A seat in virtual time: `attempts` open one after the other, an Error is one that fails. */
function seatOf(attempts: (PuppetThread | Error)[]) {
  let nowMs = 0;
  const first = puppetThread();
  const losses: [string, number][] = [];
  const waits: number[] = [];
  const seat = createSeat(first, {
    now: () => nowMs,
    wait: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
    open: async () => {
      const attempt = attempts.shift();
      if (attempt === undefined) return new Promise(() => {});
      if (attempt instanceof Error) throw attempt;
      return attempt;
    },
    opened: () => {},
    lost: (why, restartMs) => losses.push([why.message, restartMs]),
  });
  return { seat, first, losses, waits, live: (ms: number) => (nowMs += ms) };
}

test("a thread that dies is replaced", async () => {
  const second = puppetThread();
  const { seat, first, losses } = seatOf([second]);
  expect(seat.thread()).toBe(first);
  first.die(new Error("out of memory"));
  expect(seat.thread(), "at once").toBe(undefined);
  await expect.poll(() => seat.thread()).toBe(second);
  expect(losses).toEqual([["out of memory", 0]]);
});

test("a crash loop slows down, and starts afresh after a long life", async () => {
  const last = puppetThread();
  const { seat, first, losses, live } = seatOf([new Error("no file"), new Error("no file"), last]);
  first.die(new Error("crash"));
  await expect.poll(() => seat.thread()).toBe(last);
  expect(losses).toEqual([
    ["crash", 0],
    ["no file", 100],
    ["no file", 200],
  ]);
  live(60_001);
  last.die(new Error("later"));
  await expect.poll(() => losses.at(-1)).toEqual(["later", 0]);
});

test("closing stops the thread, and ends a wait for the next", async () => {
  const { seat, first } = seatOf([]);
  await seat.close();
  expect(first.isOpen()).toBe(false);

  const crashed = puppetThread();
  const waiting = createSeat(crashed, {
    open: async () => puppetThread(),
    opened: () => {},
    lost: () => {},
    now: () => 0,
    wait: (_, signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new Error("closed"))),
      ),
  });
  crashed.die(new Error("crash"));
  await waiting.close();
  expect(waiting.thread()).toBe(undefined);
});

test("a thread that opens while its seat is closed is stopped", async () => {
  const late = puppetThread();
  const opening: ((thread: PuppetThread) => void)[] = [];
  const first = puppetThread();
  const seat = createSeat(first, {
    open: () => new Promise((resolve) => opening.push(resolve)),
    opened: () => {},
    lost: () => {},
    wait: async () => {},
  });
  first.die(new Error("crash"));
  await expect.poll(() => opening.length).toBe(1);
  const closed = seat.close();
  opening[0]?.(late);
  await closed;
  expect(late.isOpen()).toBe(false);
});
