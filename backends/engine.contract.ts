import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import type { Tensor, Tensors } from "../models/tensors.ts";
import { Code, type CodeName } from "../proto/serving-error.ts";
import type { Engine, RunCall } from "./engine.ts";
import {
  type SampleFeeds,
  sampleAgrees,
  sampleFeeds,
  sampleGraph,
  sampleOutputs,
} from "./engines/sample-graph.ts";

/** What the cases of the contract set. */
export interface EngineRequest {
  readonly graph: Uint8Array;
  readonly workers: number;
  readonly warmUp?: readonly Tensors[];
  readonly maxFeedBytes?: number;
  readonly maxWaiting?: number;
  readonly lost?: (why: Error) => void;
}

export interface EngineSubject {
  readonly open: (request: EngineRequest) => Promise<Engine>;
  /** Why it cannot run here: the suite is skipped with this reason. */
  readonly unavailable?: string | undefined;
  /** What it takes can be had on any machine: a skip fails where CI is set. */
  readonly neededInCi: boolean;
}

/** What every engine must do. */
export function testEngine(name: string, subject: EngineSubject): void {
  const { unavailable, neededInCi } = subject;
  if (unavailable === undefined) {
    describe(`engine ${name}`, () => testContract(subject.open));
    return;
  }
  const mayNotSkip = neededInCi && ["1", "true"].includes(process.env["CI"] ?? "");
  if (!mayNotSkip) console.warn(`engine ${name} is not tested here: ${unavailable}`);
  test.skipIf(!mayNotSkip)(`engine ${name} can run here`, () => {
    expect.fail(`with CI set, these tests may not be skipped: ${unavailable}`);
  });
}

const graph = sampleGraph();

const call: RunCall = { deadlineMs: Infinity, signal: new AbortController().signal };

function testContract(open: EngineSubject["open"]): void {
  /** The threads that opening it started come with it. */
  const opened = async (request: Partial<EngineRequest> = {}) => {
    const threads: Worker[] = [];
    const note = (worker: Worker) => threads.push(worker);
    process.on("worker", note);
    try {
      const engine = await open({ graph, workers: 1, ...request });
      return { engine, threads, [Symbol.asyncDispose]: () => engine.close() };
    } finally {
      process.off("worker", note);
    }
  };

  test("says what it takes and gives", async () => {
    await using subject = await opened({ workers: 2 });
    const { inputs, outputs } = subject.engine;
    expect(inputs).toMatchObject([
      { name: "ids", type: "int32", dims: [-1, -1] },
      { name: "weights", type: "float32", dims: [-1, -1] },
      { name: "offset", type: "float32", dims: [4] },
    ]);
    expect(outputs).toMatchObject([
      { name: "pooled", type: "float32", dims: [-1, 4] },
      { name: "next", type: "int32", dims: [-1, -1] },
    ]);
    expect(subject.engine.sessions()).toHaveLength(2);
  });

  test("computes what the graph says", async () => {
    await using subject = await opened();
    const feeds = sampleFeeds(5);
    const expected = sampleOutputs(feeds);
    const outputs = await subject.engine.run(feeds, call);
    expect(outputs["pooled"]).toMatchObject({ type: "float32", dims: [5, 4] });
    expect(outputs["pooled"]?.data).toBeInstanceOf(Float32Array);
    expect(outputs["next"]).toMatchObject({ type: "int32", dims: [5, 3] });
    expect(outputs["next"]?.data).toBeInstanceOf(Int32Array);
    expect(sampleAgrees(outputs, expected)).toBe(true);
  });

  test("tells what a run took its session, without the wait for it", async () => {
    await using subject = await opened();
    const tookMs: number[] = [];
    const startedMs = performance.now();
    const runs = Array.from({ length: 20 }, () =>
      subject.engine.run(sampleFeeds(200), { ...call, ran: (runMs) => tookMs.push(runMs) }),
    );
    await Promise.all(runs);
    const allMs = tookMs.reduce((sum, ms) => sum + ms, 0);
    expect(tookMs).toHaveLength(runs.length);
    expect(Math.min(...tookMs)).toBeGreaterThan(0);
    expect(allMs).toBeLessThanOrEqual(performance.now() - startedMs);
  });

  test("knows what its sessions have to do, and sends a run to the one that is free first", async () => {
    await using subject = await opened({ workers: 2 });
    const { engine } = subject;
    const run = (expectedMs: number) => engine.run(sampleFeeds(1), { ...call, expectedMs });
    const sent = [1e6, 10, 10].map(run);
    expect(engine.sessions().map(({ runs }) => runs)).toEqual([1, 2]);
    await Promise.all(sent);
    expect(engine.sessions().map(({ runs }) => runs)).toEqual([0, 0]);
  });

  test("gives the same bits every time, alone and among others", async () => {
    await using subject = await opened({ workers: 2 });
    const bits = async () => bytesOf(await subject.engine.run(sampleFeeds(4), call));
    const first = await bits();
    expect(await bits()).toEqual(first);
    const together = await Promise.all(Array.from({ length: 20 }, bits));
    expect(together).toEqual(together.map(() => first));
  });

  test("keeps concurrent runs apart", async () => {
    await using subject = await opened({ workers: 2 });
    const agrees = async (seed: number) => {
      const feeds = sampleFeeds(1 + (seed % 5), seed);
      const expected = sampleOutputs(feeds);
      return sampleAgrees(await subject.engine.run(feeds, call), expected);
    };
    const results = await Promise.all(Array.from({ length: 40 }, (_, seed) => agrees(seed)));
    expect(results).toEqual(results.map(() => true));
  });

  test("takes allocated feeds over, and copies others", async () => {
    await using subject = await opened();
    const taken = sampleFeeds(2);
    const kept = copyOf(sampleFeeds(2));
    const before = bytesOf(kept);
    const outputs = await subject.engine.run(kept, call);
    expect(bytesOf(kept)).toEqual(before);
    expect(bytesOf(await subject.engine.run(taken, call))).toEqual(bytesOf(outputs));
    expect(taken.ids.data).toHaveLength(0);
    await expectRefusal(subject.engine.run(taken, call), "INVALID_ARGUMENT", "takes them over");
  });

  test.each<[string, (feeds: SampleFeeds) => Tensors, string]>([
    ["a missing input", ({ ids, weights }) => ({ ids, weights }), '"offset" is missing'],
    ["an unknown input", (feeds) => ({ ...feeds, more: feeds.ids }), 'no input "more"'],
    [
      "a wrong type",
      (feeds) => ({ ...feeds, ids: feeds.weights }),
      '"ids" is float32; the graph takes int32',
    ],
    [
      "data of another type",
      (feeds) => change(feeds, "ids", { data: feeds.weights.data }),
      "Float32Array",
    ],
    [
      "a wrong rank",
      (feeds) => change(feeds, "ids", { dims: [6] }),
      "[6]; the graph takes [-1, -1]",
    ],
    [
      "a wrong size",
      (feeds) => change(feeds, "offset", { dims: [2, 2] }),
      "[2, 2]; the graph takes [4]",
    ],
    ["too few values", (feeds) => change(feeds, "ids", { dims: [3, 3] }), "has 6 values"],
    ["a negative size", (feeds) => change(feeds, "ids", { dims: [-2, -3] }), "[-2, -3]"],
    ["a broken size", (feeds) => change(feeds, "ids", { dims: [1.5, 4] }), "[1.5, 4]"],
    [
      "sizes that differ",
      (feeds) => ({ ...feeds, ids: sampleFeeds(4).ids }),
      '"B" is 2 in input "weights", but 4',
    ],
  ])("refuses %s and serves on", async (_, spoil, message) => {
    await using subject = await opened();
    await expectRefusal(
      subject.engine.run(spoil(sampleFeeds(2)), call),
      "INVALID_ARGUMENT",
      message,
    );
    await expectWorks(subject.engine);
  });

  test("refuses more bytes than it was told to take", async () => {
    await using subject = await opened({ maxFeedBytes: 64 });
    await expectRefusal(subject.engine.run(sampleFeeds(3), call), "INVALID_ARGUMENT", "at most 64");
    await expectWorks(subject.engine);
  });

  test("does not run for a call that is over", async () => {
    await using subject = await opened();
    const feeds = sampleFeeds(2);
    const cancelled = { ...call, signal: AbortSignal.abort() };
    await expectRefusal(subject.engine.run(feeds, cancelled), "CANCELLED", "cancelled");
    const late = { ...call, deadlineMs: performance.now() };
    await expectRefusal(subject.engine.run(feeds, late), "DEADLINE_EXCEEDED", "deadline");
    expect(feeds.ids.data, "nothing was taken over").toHaveLength(6);
  });

  test("lets a bounded number of runs wait, which can be cancelled", async () => {
    await using subject = await opened({ maxWaiting: 1 });
    const waiting = new AbortController();
    // One runs, one waits in the session's own queue, one in the engine's.
    const sent = [0, 1].map(() => subject.engine.run(sampleFeeds(2), call));
    const last = subject.engine.run(sampleFeeds(2), { ...call, signal: waiting.signal });
    await expectRefusal(
      subject.engine.run(sampleFeeds(2), call),
      "RESOURCE_EXHAUSTED",
      "1 runs wait",
    );
    waiting.abort();
    await expectRefusal(last, "CANCELLED", "cancelled");
    await expect(Promise.all(sent)).resolves.toHaveLength(2);
  });

  test("closes after the runs in flight, once, and leaves nothing behind", async () => {
    const before = handles();
    const listeners = process.listenerCount("exit");
    const { engine, threads } = await opened({ workers: 2 });
    expect(engine.isReady()).toBe(true);
    const settled: string[] = [];
    const runs = Array.from({ length: 8 }, async () => {
      await engine.run(sampleFeeds(3), call);
      settled.push("run");
    });
    const closed = Promise.all([engine.close(), engine.close()]).then(() => settled.push("closed"));
    expect(engine.isReady()).toBe(false);
    await expectRefusal(engine.run(sampleFeeds(1), call), "UNAVAILABLE", "closed");
    await Promise.all([...runs, closed]);
    expect(settled).toEqual([...runs.map(() => "run"), "closed"]);
    await engine.close();
    expect(
      threads.map(({ threadId }) => threadId),
      "threads are gone",
    ).toEqual([-1, -1]);
    expect(handles()).toEqual(before);
    expect(process.listenerCount("exit")).toBe(listeners);
  });

  test("replaces a thread that dies, and tells its callers at once", async () => {
    const losses: string[] = [];
    const lost = (why: Error) => losses.push(why.message);
    await using subject = await opened({ warmUp: [sampleFeeds(2)], lost });
    const { engine, threads } = subject;
    const [thread] = threads;
    // A thread knows no such order: it dies of it before it gets to the run.
    thread?.postMessage("order that does not exist", []);
    const run = engine.run(sampleFeeds(2), call);
    await expectRefusal(run, "UNAVAILABLE", "lost the thread");
    await expectRefusal(engine.run(sampleFeeds(2), call), "UNAVAILABLE", "replacing");
    expect(engine.isReady()).toBe(false);
    expect(losses).toEqual([expect.stringContaining("order that does not exist")]);
    await expect.poll(() => engine.isReady(), { timeout: 20_000 }).toBe(true);
    await expectWorks(engine);
  });

  test("serves on with the threads that are left", async () => {
    await using subject = await opened({ workers: 2 });
    const { engine, threads } = subject;
    threads[0]?.postMessage("order that does not exist", []);
    await gone(threads[0]!);
    expect(engine.isReady()).toBe(true);
    await expectWorks(engine);
  });

  test("closes while a thread is being replaced", async () => {
    const { engine, threads } = await opened();
    threads[0]?.postMessage("order that does not exist", []);
    await gone(threads[0]!);
    await engine.close();
    expect(engine.isReady()).toBe(false);
  });

  test("says why a graph cannot be opened", async () => {
    await expect(open({ graph: graph.subarray(0, 40), workers: 2 })).rejects.toThrow("cannot open");
    const warmUp = [{ ids: sampleFeeds(1).ids }];
    await expect(open({ graph, workers: 2, warmUp })).rejects.toThrow('"weights" is missing');
  });
}

async function expectRefusal(
  run: Promise<unknown>,
  code: CodeName,
  message: string,
): Promise<void> {
  await expect(run).rejects.toMatchObject({
    name: "ServingError",
    code: Code[code],
    message: expect.stringContaining(message) as string,
  });
}

function gone(thread: Worker): Promise<void> {
  return new Promise((resolve) => thread.once("exit", () => resolve()));
}

/** The test runner's own timers come and go. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== "Timeout")
    .sort();
}

async function expectWorks(engine: Engine): Promise<void> {
  const feeds = sampleFeeds(2);
  const expected = sampleOutputs(feeds);
  expect(sampleAgrees(await engine.run(feeds, call), expected)).toBe(true);
}

function change(feeds: SampleFeeds, name: keyof SampleFeeds, part: Partial<Tensor>): Tensors {
  return { ...feeds, [name]: { ...feeds[name], ...part } };
}

function copyOf(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { ...tensor, data: tensor.data.slice() },
    ]),
  );
}

function bytesOf(tensors: Tensors): readonly Uint8Array[] {
  return Object.values(tensors).map(({ data }) =>
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  );
}
