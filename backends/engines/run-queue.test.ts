import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { createRunQueue } from "./run-queue.ts";
import { puppetThread, type PuppetThread } from "./session-thread.puppet.ts";

const call = { deadlineMs: Infinity, signal: new AbortController().signal };
const frame = (id: number) => new ArrayBuffer(id);

function queueOf(threads: PuppetThread[], maxWaiting = 10) {
  return createRunQueue({
    threads: () => threads.filter((thread) => thread.isOpen()),
    unavailable: () => new ServingError("UNAVAILABLE", "no threads"),
    maxWaiting,
    now: () => 0,
  });
}

const sizes = (thread: PuppetThread) => thread.sent.map((sent) => sent.byteLength);

test("spreads equal runs evenly, two to a thread, and keeps the order of the rest", async () => {
  const threads = [puppetThread(), puppetThread()];
  const queue = queueOf(threads);
  const runs = [1, 2, 3, 4, 5, 6].map((id) => queue.send(frame(id), { ...call, expectedMs: 10 }));
  expect(threads.map(sizes)).toEqual([
    [1, 3],
    [2, 4],
  ]);
  threads[1]?.answer();
  await runs[1];
  expect(threads.map(sizes)).toEqual([
    [1, 3],
    [4, 5],
  ]);
  threads[0]?.answer();
  await runs[0];
  expect(threads.map(sizes)).toEqual([
    [3, 6],
    [4, 5],
  ]);
});

test("a run is sent to the thread that is free first, and waits for none that has room but a slow run", async () => {
  const threads = [puppetThread(), puppetThread()];
  const queue = queueOf(threads);
  const send = (id: number, expectedMs: number) => queue.send(frame(id), { ...call, expectedMs });
  void send(1, 100);
  const quick = send(2, 2);
  void send(3, 2);
  expect(threads.map(sizes)).toEqual([[1], [2, 3]]);
  threads[1]?.answer(1.5);
  await expect(quick).resolves.toMatchObject({ runMs: 1.5 });
  void send(4, 2);
  expect(threads.map(sizes)).toEqual([[1], [3, 4]]);
});

test("a run whose call ends while it waits is not sent", async () => {
  const thread = puppetThread();
  const queue = queueOf([thread]);
  const caller = new AbortController();
  const first = [1, 2].map((id) => queue.send(frame(id), call));
  const cancelled = queue.send(frame(3), { ...call, signal: caller.signal });
  const late = queue.send(frame(4), { ...call, deadlineMs: 0 });
  const last = queue.send(frame(5), call);
  caller.abort();
  thread.answer();
  await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  thread.answer();
  thread.answer();
  await Promise.all([...first, last]);
});

test("calls that are over make room for those that are not", async () => {
  const thread = puppetThread();
  const queue = queueOf([thread], 1);
  const caller = new AbortController();
  void queue.send(frame(1), call);
  void queue.send(frame(2), call);
  const cancelled = queue.send(frame(3), { ...call, signal: caller.signal });
  await expect(queue.send(frame(4), call)).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  caller.abort();
  void queue.send(frame(5), call);
  await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
});

test("nothing waits for threads that are all gone", async () => {
  const threads = [puppetThread()];
  const queue = queueOf(threads);
  const runs = [1, 2, 3].map((id) => queue.send(frame(id), call));
  threads[0]?.die(new Error("gone"));
  queue.changed();
  for (const run of runs) await expect(run).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  await expect(queue.send(frame(4), call)).rejects.toThrow("no threads");
  threads.push(puppetThread());
  queue.changed();
  const run = queue.send(frame(5), call);
  threads[1]?.answer();
  await expect(run).resolves.toHaveProperty("outputs.byteLength", 5);
});
