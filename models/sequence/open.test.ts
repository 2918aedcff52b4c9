import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { writeBundle } from "../bundle/write-bundle.ts";
import { buildCatalogue, buildIdIndex } from "../catalogue/build-index.ts";
import { openRunner } from "../onnx/ort-runner.fixture.ts";
import { Random } from "../random.ts";
import { exportSequence } from "./export/export-sequence.ts";
import { openSequence } from "./open.ts";
import { randomWeights } from "./random-weights.ts";
import type { SequenceShape } from "./shape.ts";

const shape: SequenceShape = {
  items: 40,
  users: 6,
  itemDims: 8,
  userDims: 4,
  maxLength: 12,
  blocks: 2,
  heads: 1,
  hidden: 12,
  activation: "relu",
  layerNormEpsilon: 1e-8,
  embeddingScale: 3,
};

interface Counts {
  readonly items?: number;
  readonly users?: number;
}

/** A bundle whose indexes have that many ids, which may not be as many as its tables have rows. */
async function bundleWith({ items = shape.items, users = shape.users }: Counts): Promise<Bundle> {
  const dir = await mkdtemp(join(tmpdir(), "open-sequence-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const probes = [{ user: -1, history: Int32Array.of(1, 2), next: 3 }];
  const { parts, variants, settings } = await exportSequence(
    {
      weights: randomWeights(shape, new Random(1)),
      popularity: new Float32Array(items),
      probes: { warm: probes, cold: probes },
      version: "1",
    },
    { dir, open: openRunner, variants: ["fp32"] },
  );
  const catalogue = buildCatalogue(ids(items).map((id) => ({ id, title: "" })));
  const indexes = { items: catalogue, users: buildIdIndex(ids(users)) };
  const idParts = Object.entries(indexes).map(([name, { buffer }]) => [
    name,
    { file: `${name}.ids`, version: "1", content: new Uint8Array(buffer) },
  ]);
  return writeBundle(join(dir, "bundle"), {
    model: "movies",
    version: "1",
    family: "sequence",
    idType: "string",
    created: new Date(0).toISOString(),
    settings,
    parts: { ...parts, ...Object.fromEntries(idParts) },
    variants,
  });
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}`);
}

async function open(counts: Counts) {
  const bundle = await bundleWith(counts);
  return openSequence(bundle, bundle.manifest.variants.fp32!, { limits: defaultRequestLimits });
}

test("opens what an export wrote", async () => {
  const { itemCount, weights, graph } = await open({});
  expect(itemCount).toBe(40);
  expect(graph).toMatch(/^fp32/);
  expect([...weights].sort()).toEqual(["body", "item-vectors", "user-vectors"]);
});

test.each([
  ["items", { items: 41 }, "part item-vectors has 1312 bytes where the ids need 1344"],
  ["users", { users: 5 }, "part user-vectors has 112 bytes where the ids need 96"],
])("refuses tables that are not as long as there are %s", async (_, counts, says) => {
  await expect(open(counts)).rejects.toThrow(says);
});
