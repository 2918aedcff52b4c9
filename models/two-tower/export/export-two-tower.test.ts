import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { variantOf } from "../../bundle/bundle.ts";
import { writeBundle } from "../../bundle/write-bundle.ts";
import type { BundleDraft } from "../../bundle/write-bundle.ts";
import { Random } from "../../random.ts";
import { encodeRows } from "../encode-rows.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { randomWeights } from "../random-weights.ts";
import type { RandomWeightsOptions } from "../random-weights.ts";
import { exportTwoTower } from "./export-two-tower.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import type { Probe } from "../../exporting/probe.ts";
import type { TwoTowerSource } from "./source.ts";

async function emptyFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "export-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Everybody's next choice is what his vector likes best, of what he has not chosen. */
function sourceOf(options: Partial<RandomWeightsOptions> = {}): TwoTowerSource {
  const random = new Random(11);
  const weights = randomWeights({ users: 120, items: 900, dims: 16, ...options }, random);
  const history = () =>
    Int32Array.from({ length: 1 + random.below(6) }, () => random.below(weights.items));
  const probes = (user: (i: number) => number): Probe[] =>
    Array.from({ length: 120 }, (_, i) => ({
      user: user(i),
      history: history(),
      next: random.below(weights.items),
    }));
  return {
    weights,
    popularity: Float32Array.from({ length: weights.items }, () => random.below(100)),
    probes: { warm: probes((i) => i), cold: probes(() => -1) },
    version: "4",
  };
}

test("an export becomes a bundle whose variants pass the gate and answer alike", async () => {
  const source = sourceOf();
  const dir = await emptyFolder();
  const lines: string[] = [];
  const { parts, variants, settings, refusals } = await exportTwoTower(source, {
    dir,
    open: openRunner,
    log: (line) => lines.push(line),
  });
  expect(refusals).toEqual([]);
  expect(lines).toEqual([
    expect.stringMatching(/^fp32: 120 warm users: HR@10 /),
    expect.stringMatching(/^qint8, rescore-4k: /),
  ]);

  const ids = { version: "4", content: Buffer.from("ids") };
  const draft: BundleDraft = {
    model: "playlists",
    version: "4",
    family: "two-tower",
    idType: "string",
    created: "2025-01-31T12:00:00Z",
    settings,
    parts: { ...parts, items: { ...ids, file: "items.bin" }, users: { ...ids, file: "users.bin" } },
    variants,
  };
  const bundle = await writeBundle(join(await emptyFolder(), "4"), draft);
  await rm(dir, { recursive: true });

  const answers = [];
  for (const name of ["fp32", "qint8"] as const) {
    const variant = variantOf(bundle, name);
    const runner = await openRunner(
      join(bundle.dir, bundle.manifest.parts[variant.graphs["main"]!]!.file),
    );
    onTestFinished(() => runner.close());
    const shape = { history: 0, candidates: 0, fetch: 10 };
    const row = { user: 3, shape, history: new Int32Array(), candidates: undefined };
    answers.push((await runner.run(encodeRows([row], 900), unhurried))["ids"]!.data);
  }
  expect(answers[1]).toEqual(answers[0]);
});

test("a passport tells how good a variant is, how close to fp32 and how fast", async () => {
  const { variants, settings } = await exportTwoTower(sourceOf(), {
    dir: await emptyFolder(),
    open: openRunner,
  });
  const { warm, cold, latency } = variants.fp32.passport;
  expect(warm).toMatchObject({ users: 120, agreement: { overlap10: 1, top1: 1, recall10: 1 } });
  expect(cold.users).toBe(120);
  expect(Object.keys(latency.batchMs)).toEqual(["1", "8", "32", "128"]);
  expect(variants.qint8!.passport.warm.agreement.overlap10).toBeGreaterThan(0.99);
  expect(variants.qint8!.parts).toContain("item-matrix-rescore-4k");
  expect(variants.fp32.parts).not.toContain("item-matrix-rescore-4k");
  expect(settings.survivorsPerResult).toEqual({ fp32: 0, qint8: 4 });
});

test("a perfect model has perfect figures, and nobody is recommended what he knows", async () => {
  const source = sourceOf();
  const { itemVectors, userVectors, dims } = source.weights;
  // User i is the i-th direction; the next choice points there, and what he knows even further.
  const warm = Array.from({ length: dims }, (_, i) => {
    userVectors.fill(0, i * dims, (i + 1) * dims)[i * dims + i] = 1;
    itemVectors.fill(0, 2 * i * dims, 2 * (i + 1) * dims);
    itemVectors[2 * i * dims + i] = 30;
    itemVectors[(2 * i + 1) * dims + i] = 60;
    return { user: i, history: Int32Array.of(2 * i + 1), next: 2 * i };
  });
  const { variants } = await exportTwoTower(
    { ...source, probes: { warm, cold: warm.map((probe) => ({ ...probe, user: -1 })) } },
    { dir: await emptyFolder(), open: openRunner },
  );
  for (const { passport } of Object.values(variants)) {
    expect(passport.warm.metrics).toEqual({ hr10: 1, ndcg10: 1 });
    expect(passport.cold.metrics).toEqual({ hr10: 1, ndcg10: 1 });
  }
});

test("one item that dwarfs the rest takes a form with finer scales", async () => {
  const source = sourceOf();
  source.weights.itemVectors.subarray(0, 16).fill(3_000);
  const { variants, refusals } = await exportTwoTower(source, {
    dir: await emptyFolder(),
    open: openRunner,
  });
  expect(refusals.map((line) => line.split(":")[0])).toEqual([
    "qint8, rescore-4k",
    "qint8, equalized",
    "qint8, rescore-16k",
  ]);
  expect(refusals[0]).toMatch(
    /warm users: the ordered top 10 is fp32's for \d+\.\d%, at least 99\.0% is needed/,
  );
  expect(variants.qint8!.parts).toContain("item-scales-item-scales");
});

test("without a form that agrees there is no qint8, and it is said", async () => {
  const source = sourceOf();
  // All items are alike but for what vanishes beside their first number.
  const { itemVectors, dims, items } = source.weights;
  for (let item = 0; item < items; item++) itemVectors[item * dims] = 1e5;
  const lines: string[] = [];
  const result = await exportTwoTower(source, {
    dir: await emptyFolder(),
    open: openRunner,
    log: (line) => lines.push(line),
  });
  expect(result.refusals).toHaveLength(4);
  expect(Object.keys(result.variants)).toEqual(["fp32"]);
  expect(Object.keys(result.parts).toSorted()).toEqual([
    "fp32",
    "item-vectors",
    "popularity",
    "user-vectors",
  ]);
  expect(lines.at(-1)).toBe("no qint8 variant: no way of storing it is inside the gate");
});

test("weights that do not fit are refused before anything is written", async () => {
  const source = sourceOf();
  const dir = await emptyFolder();
  source.weights.userVectors[7] = Number.NaN;
  const broken = {
    ...source,
    popularity: new Float32Array(3),
    probes: { warm: [], cold: [{ user: 2, history: new Int32Array(), next: 1 }] },
  };
  await expect(exportTwoTower(broken, { dir, open: openRunner })).rejects.toThrow(
    [
      "this two-tower model cannot be exported:",
      "- userVectors[7] is NaN; the training diverged, lower its learning rate",
      "- popularity has 3 numbers where 900 are needed",
      "- there are no warm probes: without them a passport would be empty",
      "- cold probe 0 is user 2; a newcomer is -1",
    ].join("\n"),
  );
  expect(await readdir(dir)).toEqual([]);
});

test("every graph that was opened is closed, also when one fails", async () => {
  let open = 0;
  const failing = exportTwoTower(sourceOf(), {
    dir: await emptyFolder(),
    open: async (graphFile) => {
      const runner = await openRunner(graphFile);
      open += 1;
      return {
        run: (feeds, call) =>
          graphFile.includes("rescore-4k")
            ? Promise.reject(new Error("no memory"))
            : runner.run(feeds, call),
        close: async () => {
          await runner.close();
          open -= 1;
        },
      };
    },
  });
  await expect(failing).rejects.toThrow("no memory");
  expect(open).toBe(0);
});
