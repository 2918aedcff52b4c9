import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unhurried, type GraphRunner } from "../exporting/graph-runner.ts";
import type { Probe } from "../exporting/probe.ts";
import { buildGraph, type GraphBuilder, type Value } from "../onnx/build-graph.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { reduce, rename } from "../onnx/operators.ts";
import { readModelFile } from "../onnx/decode/read-model-file.ts";
import { openRunner } from "../onnx/ort-runner.fixture.ts";
import { encodeRows } from "../sequence/encode-rows.ts";
import { exported, fixturePath, itemCount, sequences } from "./exported.fixture.ts";
import { importSequence, type SequenceImport } from "./import-sequence.ts";
import { makePlan } from "./make-plan.ts";
import type { ImportPlan, Said } from "./plan.ts";

// What does not run is tried on purpose.
ort.env.logLevel = "fatal";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-import-"));
});
afterAll(() => rm(dir, { recursive: true }));

const folder = () => mkdtemp(join(dir, "one-"));
const probes: readonly Probe[] = sequences.map((sequence) => ({
  user: -1,
  history: Int32Array.from(sequence),
  next: -1,
}));

async function planOf(file: string, said: Said = {}, items = itemCount): Promise<ImportPlan> {
  const request = { file: await readModelFile(file), items, said };
  return makePlan(request, { dir: await folder(), open: openRunner });
}

interface Imported extends SequenceImport {
  readonly at: string;
  readonly lines: readonly string[];
}

async function importAll(plan: ImportPlan, options: object = {}): Promise<Imported> {
  const at = await folder();
  const lines: string[] = [];
  const source = { plan, popularity: new Float32Array(plan.items), probes, knowsUsers: false };
  const imported = await importSequence(
    { ...source, version: "1" },
    { dir: at, open: openRunner, variants: [], log: (line) => lines.push(line), ...options },
  );
  return { ...imported, at, lines };
}

const graphFile = ({ at, parts, variants }: Imported, variant: "fp32" | "qint8" | "edge") =>
  join(at, (parts[variants[variant]!.graphs["main"]!] as { readonly file: string }).file);

interface Asked {
  readonly user?: number;
  readonly sequence: readonly number[];
  readonly candidates?: readonly number[];
}

async function ask(runner: GraphRunner, plan: ImportPlan, asked: readonly Asked[]) {
  const length = plan.lengths.find((one) => one >= asked[0]!.sequence.length)!;
  const candidates = asked[0]!.candidates?.length ?? 0;
  const shape = { length, candidates, fetch: candidates || 10 };
  const rows = asked.map(({ user = -1, sequence, candidates }) => ({
    user,
    shape,
    sequence: Int32Array.from(sequence),
    candidates: candidates && Int32Array.from(candidates),
  }));
  const encoding = { padding: plan.serving.side, itemCount: plan.items };
  const { ids, scores } = await runner.run(encodeRows(rows, encoding), unhurried);
  return { ids: [...(ids!.data as Int32Array)], scores: [...(scores!.data as Float32Array)] };
}

describe.each(exported)("$name", ({ name, said, ask: askFile }) => {
  test("answers as onnxruntime does with the file itself, over the catalogue and over candidates", async () => {
    const plan = await planOf(fixturePath(`${name}.onnx`), said);
    const runner = await openRunner(graphFile(await importAll(plan), "fp32"));
    const session = await ort.InferenceSession.create(fixturePath(`${name}.onnx`));
    for (const sequence of sequences) {
      const wanted = await askFile(session, sequence);
      const best = wanted.toSorted((a, b) => b - a);
      const { ids, scores } = await ask(runner, plan, [{ sequence }]);
      ids.forEach((id, rank) => {
        expect(Math.abs(scores[rank]! - wanted[id]!)).toBeLessThan(1e-5);
        expect(Math.abs(scores[rank]! - best[rank]!)).toBeLessThan(1e-5);
      });
      const some = ids.slice(0, 4).toSorted((a, b) => a - b);
      const padded = [...some, ...Array.from({ length: 12 }, () => itemCount)];
      const ranked = await ask(runner, plan, [{ sequence, candidates: padded }]);
      expect(ranked.ids.slice(0, 4)).toEqual(ids.slice(0, 4));
      expect(ranked.ids.slice(4)).toEqual(Array.from({ length: 12 }, () => -1));
    }
    await session.release();
    await runner.close();
  });
});

test("a head that was understood and its table become int8, with the agreement in the passport", async () => {
  const plan = await planOf(fixturePath("full-logits.onnx"), { padding: "left" });
  const imported = await importAll(plan, { variants: ["qint8", "edge"] });
  expect(Object.keys(imported.variants)).toEqual(["fp32", "qint8", "edge"]);
  const { warm } = imported.variants.edge!.passport;
  expect(warm.users).toBe(sequences.length);
  expect(warm.agreement.overlap10).toBeGreaterThan(0.96);
  const [fp32, edge] = await Promise.all(
    (["fp32", "edge"] as const).map((variant) => openRunner(graphFile(imported, variant))),
  );
  const sequence = sequences[8]!;
  const [exact, small] = [
    await ask(fp32!, plan, [{ sequence }]),
    await ask(edge!, plan, [{ sequence }]),
  ];
  expect(small.scores[0]).not.toBe(exact.scores[0]);
  expect(small.scores[0]).toBeCloseTo(exact.scores[0]!, 1);
  await Promise.all([fp32!.close(), edge!.close()]);
  // Neither reads what it replaces.
  expect(imported.variants.edge!.parts).toEqual(
    expect.arrayContaining(["imported-head-codes", "imported-table-codes"]),
  );
  expect(imported.variants.edge!.parts).not.toContain("imported-head");
  expect(imported.variants.edge!.parts).not.toContain("imported-table");
});

test("scores that come about in an unknown way are ranked as they are, from a table in int8", async () => {
  const plan = await planOf(fixturePath("one-sequence.onnx"));
  expect(plan.head).toBeUndefined();
  const imported = await importAll(plan, { variants: ["qint8", "edge"] });
  expect(imported.variants.edge!.parts).toContain("imported-table-codes");
  expect(imported.settings.largestBatch).toBe(1);
});

test("the head is found behind a bias, the choice of the last position and a TopK, and computed for that position alone", async () => {
  const { head, serving, value, read } = await planOf(fixturePath("already-ranked.onnx"));
  expect(head?.weight.dims).toEqual([8, itemCount + 1]);
  expect(head?.bias?.dims).toEqual([itemCount + 1]);
  expect(serving).toMatchObject({ shape: "[batch, length, width]", lastOn: "left" });
  expect(read.index.producer(value)!.op).toBe("Add");
});

test("known users have the ids behind the stranger's, and the head is found behind columns left out", async () => {
  const plan = await planOf(fixturePath("user-average.onnx"), { maxLength: 16 });
  expect(plan.head?.offset).toBe(1);
  const { ask: askFile } = exported.find(({ name }) => name === "user-average")!;
  const runner = await openRunner(graphFile(await importAll(plan), "fp32"));
  const session = await ort.InferenceSession.create(fixturePath("user-average.onnx"));
  for (const user of [-1, 0, 4]) {
    const wanted = await askFile(session, sequences[5]!, user + 1);
    const { ids, scores } = await ask(runner, plan, [{ user, sequence: sequences[5]! }]);
    ids.forEach((id, rank) => expect(scores[rank]).toBeCloseTo(wanted[id]!, 5));
    expect(ids[0]).toBe(wanted.indexOf(Math.max(...wanted)));
  }
  await session.release();
  await runner.close();
});

test("nothing is published that would answer otherwise than the file", async () => {
  const plan = await planOf(fixturePath("gru-gemm.onnx"));
  const shifted = { ...plan, serving: { ...plan.serving, firstId: 0 } };
  await expect(importAll(shifted)).rejects.toThrow("would not answer as the file does");
});

test.each([-1e9, -Infinity])(
  "a score of %d for what is not to be had hides no difference",
  async (mask) => {
    // The last column of the 41.
    const masks = Array.from({ length: itemCount + 1 }, (_, id) => (id === itemCount ? mask : 0));
    const file = await written(
      sums("batch", (graph, { own }) => graph.node("Add", [own, graph.float32(masks)])),
    );
    const plan = await planOf(file, { firstId: 1 });
    await expect(importAll(plan)).resolves.toBeDefined();
    const shifted = { ...plan, serving: { ...plan.serving, firstId: 0 } };
    await expect(importAll(shifted)).rejects.toThrow("would not answer as the file does");
  },
);

describe("a model whose answers depend on the batch", () => {
  test("is served one request at a time, or in batches when that was asked for", async () => {
    const plan = await planOf(await written(batchDependent(0.00003)), { firstId: 1 });
    const alone = await importAll(plan);
    expect(alone.settings.largestBatch).toBe(1);
    expect(alone.lines.join("\n")).toMatch(
      /\d+ of \d+ rows got other ids or score bits in a batch/,
    );
    expect(Object.keys(alone.variants.fp32.passport.latency.batchMs)).toEqual(["1"]);
    const batched = await importAll(plan, { allowBatchDependence: true });
    expect(batched.settings.largestBatch).toBeUndefined();
  });

  test("is refused where rows read each other, whatever was asked for", async () => {
    const plan = await planOf(await written(batchDependent(0.1)), { firstId: 1 });
    await expect(importAll(plan, { allowBatchDependence: true })).rejects.toThrow(
      /rows of a batch change each other's answers: .*export it batch first/,
    );
  });
});

/** Every row's scores move with the largest of the batch, as whole-batch quantization makes them. */
function batchDependent(share: number): Uint8Array {
  return sums("batch", (graph, { own }) => {
    const largest = reduce(graph, "ReduceMax", { value: own, axis: 0 });
    return graph.node("Add", [own, graph.node("Mul", [largest, graph.float32(share)])]);
  });
}

interface Sums {
  /** The sum of the vectors up to each position. */
  readonly own: Value;
  /** The vectors. */
  readonly each: Value;
}

/** A model of [first, second] ids that scores by sums over the axis of its sequences. */
function sums(
  first: string,
  scores: (graph: GraphBuilder, sums: Sums) => Value,
  axis = 1,
): Uint8Array {
  const graph = buildGraph("sums", (graph) => {
    const dims = [first, first === "batch" ? "length" : "batch"];
    const ids = graph.input("ids", "int64", dims);
    const width = itemCount + 1;
    // Of the padding: zeros.
    const values = Array.from({ length: width * width }, (_, i) =>
      i < width ? 0 : Math.sin(i * i),
    );
    const table = graph.node("Reshape", [graph.float32(values), graph.int64([width, width])]);
    const each = graph.node("Gather", [table, ids]);
    const own = graph.node("CumSum", [each, graph.node("Squeeze", [graph.int64([axis])])]);
    rename(graph, scores(graph, { own, each }), "logits");
    graph.output("logits", "float32", [...dims, width]);
  });
  return encodeModel(graph);
}

async function written(model: Uint8Array): Promise<string> {
  const file = join(await folder(), "model.onnx");
  await writeFile(file, model);
  return file;
}

describe("a model that goes by the last item alone", () => {
  test("is taken to read its input as [length, batch], and refused", async () => {
    const file = await written(sums("length", (_, { own }) => own, 0));
    await expect(planOf(file, { firstId: 1 })).rejects.toThrow(
      /no answer changes with the items before the last.*export it batch first/,
    );
  });

  test("is served where that is said", async () => {
    const file = await written(sums("batch", (_, { each }) => each));
    await expect(planOf(file, { firstId: 1 })).rejects.toThrow("say --last-item-only");
    const plan = await planOf(file, { firstId: 1, lastItemOnly: true });
    expect(plan.facts).toContainEqual(["history", "the last item alone, as was said"]);
    const runner = await openRunner(graphFile(await importAll(plan), "fp32"));
    const [long, short] = [
      await ask(runner, plan, [{ sequence: [3, 9, 7] }]),
      await ask(runner, plan, [{ sequence: [7] }]),
    ];
    expect(long.ids).toEqual(short.ids);
    await runner.close();
  });
});

describe("what cannot be imported says why, and what would help", () => {
  test.each<readonly [string, Said, number, string]>([
    [
      "dynamic-rank",
      {},
      itemCount,
      'how many dimensions "ids" (int64) has; give it a shape: export with dynamic_axes',
    ],
    [
      "custom-operator",
      {},
      itemCount,
      "operators that the runtime does not have: acme.kernels.FlashRank, acme.kernels.Fuse; export the model with plain",
    ],
    [
      "claims-3-gb",
      {},
      itemCount,
      'the tensor "table" claims [25000, 32768], 3,276,800,000 bytes, and has 600',
    ],
    ["float-ids", {}, itemCount, "its inputs are ids float32 [b, 2]. If the floats are ids"],
    ["no-sequence", {}, itemCount, "it has no input for a sequence of item ids"],
    [
      "full-logits",
      { padding: "left" },
      30,
      "the model scores 41 ids, and the catalogue has 30 items; give a catalogue with 40 or 41 lines",
    ],
    ["full-logits", { padding: "left" }, 5_000, "the catalogue has 5,000 items"],
    [
      "full-logits",
      {},
      itemCount,
      "say it: --padding left (SASRec and most that pad to a fixed length) or",
    ],
    [
      "full-logits",
      { padding: "left", maxLength: 50 },
      itemCount,
      "--max-length is 50, and the model takes 12",
    ],
    ["full-logits", { input: "ids" }, itemCount, 'no input "ids" for --input; there is log_seqs'],
    ["full-logits", { output: "h" }, itemCount, 'no output "h"; there is logits float32'],
    ["last-hidden", { padding: "right" }, itemCount, "it answers for the last position alone"],
    [
      "last-hidden",
      { head: "w" },
      itemCount,
      'no matrix "w" with a side of 8 for --head; there is items.weight [41, 8]',
    ],
    [
      "gru-gemm",
      { firstId: 2 },
      itemCount,
      "with ids from 2 the 40 items of the catalogue need 42 scores",
    ],
  ])("%s %o with %i items", async (...[name, said, items, message]) => {
    await expect(planOf(fixturePath(`${name}.onnx`), said, items)).rejects.toThrow(message);
  });
});
