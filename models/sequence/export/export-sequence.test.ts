import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unhurried } from "../../exporting/graph-runner.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { exportSequence } from "./export-sequence.ts";
import type { SequenceSource } from "./source.ts";
import { toProbes } from "./to-probes.ts";
import { toWeights } from "./to-weights.ts";
import { readTrained } from "./trained/read-trained.ts";
import {
  randomTrained,
  writeTrained,
  type RandomTrainedOptions,
} from "./trained/write-trained.fixture.ts";

async function emptyFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "export-sequence-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function sourceOf(options: RandomTrainedOptions = {}): Promise<SequenceSource> {
  const dir = await emptyFolder();
  await writeTrained(dir, randomTrained(options));
  const trained = await readTrained(dir);
  const weights = toWeights(trained);
  return {
    weights,
    popularity: Float32Array.from(trained.items, ({ count }) => count),
    probes: toProbes(trained.heldOut, weights, 1_000),
    version: "4",
  };
}

const all = ["fp32", "qint8", "fp16", "edge"] as const;

async function exported(options: RandomTrainedOptions = {}) {
  const lines: string[] = [];
  const source = await sourceOf({ items: 300, users: 80, ...options });
  const dir = await emptyFolder();
  const log = (line: string) => lines.push(line);
  const done = await exportSequence(source, { dir, open: openRunner, variants: all, log });
  return { ...done, source, dir, lines };
}

test("all variants of a model without users are inside the gate, and its tables are int8 where they may be", async () => {
  const { variants, parts, settings, refusals } = await exported({ architecture: { userDims: 0 } });
  expect(refusals).toEqual([]);
  expect(Object.keys(variants)).toEqual(all);
  expect(variants.fp32.parts).toEqual(["items", "popularity", "item-vectors", "body"]);
  expect(variants.edge!.parts).toEqual([
    "items",
    "popularity",
    "item-codes",
    "item-scales",
    "body-scales",
    "body-codes",
  ]);
  expect(variants.fp16!.parts).toEqual(["items", "popularity", "item-vectors-f16", "body-f16"]);
  const named = Object.values(variants).flatMap(({ graphs, parts: own }) => [
    graphs["main"],
    ...own,
  ]);
  expect(new Set(["items", ...Object.keys(parts)])).toEqual(new Set(named));
  expect(settings).toMatchObject({ lengths: [12], padding: "left", itemDims: 8, userDims: 0 });
  for (const { passport } of Object.values(variants)) {
    expect(passport.warm).toEqual(passport.cold);
    expect(passport.warm.users).toBe(80);
    expect(passport.warm.agreement.overlap10).toBeGreaterThan(0.96);
    expect(Object.keys(passport.latency.batchMs)).toEqual(["1", "8", "32", "128"]);
  }
});

test("where users matter, an edge variant that knows none is refused with the figures, and one with a table takes its place", async () => {
  const { variants, refusals, lines } = await exported();
  const refusal = refusals.find((line) => line.startsWith("edge, mean user: "));
  expect(refusal).toMatch(/warm users: overlap@10 with fp32 is 0\.\d+, at least 0\.96/);
  expect(lines).toContain(`refused ${refusal}`);
  expect(variants.edge!.parts).toContain("user-codes");
  expect(variants.fp32.passport.warm.metrics).not.toEqual(variants.fp32.passport.cold.metrics);
});

test("a model whose numbers float16 cannot hold has no fp16 variant, and it is said", async () => {
  const source = await sourceOf();
  const { itemVectors } = source.weights;
  itemVectors.forEach((value, i) => (itemVectors[i] = value * 1e7));
  const lines: string[] = [];
  const { variants } = await exportSequence(source, {
    dir: await emptyFolder(),
    open: openRunner,
    variants: ["fp16"],
    log: (line) => lines.push(line),
  });
  expect(Object.keys(variants)).toEqual(["fp32"]);
  expect(lines.slice(1, 3)).toEqual([
    expect.stringMatching(/^refused fp16, half: warm users: /),
    expect.stringMatching(/^refused fp16, half tables: warm users: /),
  ]);
  expect(lines.at(-1)).toBe("no fp16 variant: no way of storing it is inside the gate");
});

test("a variant that nobody asked for is not made, and fp32 always is", async () => {
  const source = await sourceOf();
  const { variants } = await exportSequence(source, {
    dir: await emptyFolder(),
    open: openRunner,
    variants: ["fp16"],
  });
  expect(Object.keys(variants)).toEqual(["fp32", "fp16"]);
});

test("stopped, it rejects with the reason and leaves no graph open", async () => {
  const stop = new AbortController();
  let open = 0;
  const stopping = exportSequence(await sourceOf(), {
    dir: await emptyFolder(),
    variants: all,
    signal: stop.signal,
    open: async (file) => {
      const runner = await openRunner(file);
      open += 1;
      return {
        run: (feeds) => {
          stop.abort(new Error("enough"));
          return runner.run(feeds, unhurried);
        },
        close: async () => {
          await runner.close();
          open -= 1;
        },
      };
    },
  });
  await expect(stopping).rejects.toThrow("enough");
  expect(open).toBe(0);
});
