import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { Code, ServingError } from "../proto/serving-error.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import type { Family, GraphTensors, Row } from "./family.ts";
import type { TensorInfo, Tensors } from "./tensors.ts";

/** A family for one bundle, what to ask it, and what runs its graph. */
export interface FamilySubject {
  readonly family: Family;
  /** Requests that it can read: three or more of one lane, and some that need no run or are of other lanes. */
  readonly good: readonly Uint8Array[];
  readonly run: (feeds: Tensors) => Promise<Tensors>;
  readonly close?: () => Promise<void>;
}

const by = { model: "music", version: "7", backend: "cpu-fp32" };

/** What every family must do. */
export function testFamily(name: string, open: () => Promise<FamilySubject>): void {
  const start = async () => {
    const subject = await open();
    onTestFinished(() => subject.close?.());
    return subject;
  };

  describe(`family ${name}`, () => {
    testReading(start);
    testBatches(start);
    testReplies(start);
    testWarmUp(start);
  });
}

type Start = () => Promise<FamilySubject>;

function testReading(start: Start): void {
  test("reads any bytes without throwing, blaming itself or changing them", async () => {
    const { family, good } = await start();
    fc.assert(
      fc.property(damaged(good), (request) => {
        const sent = request.slice();
        const row = family.read(request);
        if (row instanceof ServingError) expect(row.code).toBe(Code.INVALID_ARGUMENT);
        else expect(family.maxBatch(row.lane)).toBeGreaterThanOrEqual(1);
        expect(request).toEqual(sent);
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps what a row holds, whatever is read after it", async () => {
    const subject = await start();
    const alone: Buffer[] = [];
    for (const request of subject.good)
      alone.push(await replyAlone(subject, readRow(subject, request)));
    const rows = subject.good.map((request) => readRow(subject, request));
    for (let i = 0; i < 500; i++) for (const request of subject.good) readRow(subject, request);
    for (const [i, row] of rows.entries()) expect(await replyAlone(subject, row)).toEqual(alone[i]);
  });

  test("names whole batches, of one row or more, for every lane", async () => {
    const subject = await start();
    for (const request of subject.good) {
      const maxBatch = subject.family.maxBatch(readRow(subject, request).lane);
      expect(maxBatch).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(maxBatch)).toBe(true);
    }
  });
}

function testBatches(start: Start): void {
  test("encodes what its graph takes", async () => {
    const subject = await start();
    for (const rows of lanesOf(subject).values())
      expectFits(subject.family.encode(rows), subject.family.graph.inputs);
  });

  test("gives a row the same reply alone and in any batch, at any place", async () => {
    const subject = await start();
    const lanes = [...lanesOf(subject).values()];
    expect(Math.max(...lanes.map((rows) => rows.length))).toBeGreaterThanOrEqual(3);
    for (const rows of lanes) {
      const alone = new Map<Row, Buffer>();
      for (const row of rows) alone.set(row, await replyAlone(subject, row));
      const most = subject.family.maxBatch(rows[0]!.lane);
      const batches = fc.array(fc.constantFrom(...rows), { minLength: 1, maxLength: most });
      await fc.assert(
        fc.asyncProperty(batches, async (batch) => {
          expect(await repliesTo(subject, batch)).toEqual(batch.map((row) => alone.get(row)));
        }),
        { numRuns: 30 },
      );
    }
  });
}

function testReplies(start: Start): void {
  test("says who answered, and whether it knew the user", async () => {
    const subject = await start();
    for (const request of subject.good) {
      const row = readRow(subject, request);
      const { served } = RecommendResponse.decode(await replyAlone(subject, row));
      expect(served).toMatchObject({
        model: by.model,
        modelVersion: by.version,
        backend: by.backend,
        coldStart: row.coldStart,
        unknownCount: row.unknownCount,
      });
    }
  });

  test("gives replies away for good: later ones do not change them, and what becomes of them changes none", async () => {
    const { good, ...subject } = await start();
    for (const request of good) {
      const row = readRow({ ...subject, good }, request);
      const result = row.needsRun ? await resultOf(subject.family, row, subject.run) : undefined;
      const make = () => subject.family.reply(row, by, result);
      const first = make();
      const copy = Buffer.from(first);
      const others = Array.from({ length: 100 }, make);
      expect(Buffer.from(first)).toEqual(copy);
      for (const other of others) other.fill(0xff);
      expect(Buffer.from(first)).toEqual(copy);
      first.fill(0xff);
      expect(Buffer.from(make())).toEqual(copy);
    }
  });
}

function testWarmUp(start: Start): void {
  test("warms up lanes that there are, with batches that fit, afresh each time", async () => {
    const subject = await start();
    const { family } = subject;
    const lanes = lanesOf(subject);
    const batches = family.warmUp();
    expect(batches.filter(({ lane }) => lanes.has(lane))).not.toEqual([]);
    for (const { lane, rows, feeds } of batches) {
      expect(rows).toBeGreaterThanOrEqual(1);
      expect(rows).toBeLessThanOrEqual(family.maxBatch(lane));
      expectFits(feeds, family.graph.inputs);
      const [row] = lanes.get(lane) ?? [];
      if (row !== undefined)
        expect(dimsOf(feeds)).toEqual(
          dimsOf(family.encode(Array.from({ length: rows }, () => row))),
        );
    }
    const buffers = [...batches, ...family.warmUp()].flatMap(({ feeds }) => [
      ...new Set(Object.values(feeds).map(({ data }) => data.buffer)),
    ]);
    expect(new Set(buffers).size).toBe(buffers.length);
  });

  test("accepts what its graph gives for the warm-up", async () => {
    const { family, run } = await start();
    for (const batch of family.warmUp()) {
      const outputs = await run(batch.feeds);
      expectHas(outputs, family.graph.outputs);
      family.checkOutputs(batch, outputs);
    }
  });
}

/** Good requests, whole, cut, joined and with bytes changed, and any bytes. */
function damaged(good: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const request = fc.constantFrom(...good);
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  return fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.array(request, { maxLength: 3 }).map((parts) => Uint8Array.from(Buffer.concat(parts))),
    fc.tuple(request, share).map(([bytes, at]) => bytes.slice(0, at * bytes.length)),
    fc.tuple(request, share, fc.nat(255)).map(([bytes, at, value]) => {
      const changed = bytes.slice();
      changed[Math.floor(at * bytes.length)] = value;
      return changed;
    }),
  );
}

function readRow({ family }: FamilySubject, request: Uint8Array): Row {
  const row = family.read(request);
  if (row instanceof ServingError) throw row;
  return row;
}

/** Rows of good requests that need a run, by lane. */
function lanesOf(subject: FamilySubject): ReadonlyMap<string, readonly Row[]> {
  const lanes = new Map<string, Row[]>();
  for (const request of subject.good) {
    const row = readRow(subject, request);
    if (row.needsRun) lanes.set(row.lane, [...(lanes.get(row.lane) ?? []), row]);
  }
  return lanes;
}

async function repliesTo(
  { family, run }: Pick<FamilySubject, "family" | "run">,
  rows: readonly Row[],
): Promise<Buffer[]> {
  const outputs = await run(family.encode(rows));
  return rows.map((row, index) => Buffer.from(family.reply(row, by, { outputs, index })));
}

async function replyAlone(subject: FamilySubject, row: Row): Promise<Buffer> {
  if (!row.needsRun) return Buffer.from(subject.family.reply(row, by));
  return (await repliesTo(subject, [row]))[0]!;
}

async function resultOf(family: Family, row: Row, run: FamilySubject["run"]) {
  return { outputs: await run(family.encode([row])), index: 0 };
}

function expectFits(feeds: Tensors, inputs: GraphTensors["inputs"]): void {
  expect(Object.keys(feeds).toSorted()).toEqual(inputs.map(({ name }) => name).toSorted());
  expectHas(feeds, inputs);
}

function expectHas(tensors: Tensors, infos: readonly TensorInfo[]): void {
  for (const { name, type, dims } of infos) {
    const tensor = tensors[name];
    expect(tensor?.type).toBe(type);
    expect(dims.map((dim, i) => (dim === -1 ? -1 : tensor?.dims[i]))).toEqual(dims);
    expect(tensor?.dims).toHaveLength(dims.length);
    expect(tensor?.data).toHaveLength(tensor!.dims.reduce((all, dim) => all * dim, 1));
  }
}

function dimsOf(feeds: Tensors): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));
}
