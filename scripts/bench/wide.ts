import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createGramTower } from "../../models/cold-start/gram-tower.ts";
import { maxBatch } from "../../models/cold-start/max-batch.ts";
import { readSettings } from "../../models/cold-start/settings.ts";
import type { Bundle } from "../../models/bundle/bundle.ts";
import { instructionSet } from "../../models/instruction-set.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { conclude } from "./live/verdict.ts";
import { describe } from "./wide/describe.ts";
import { figuresOf } from "./wide/figures.ts";
import { busyIn, invalidOf, limits, missedOf } from "./wide/judge.ts";
import { measureRecall } from "./wide/recall.ts";
import { serveWide, type Served } from "./wide/serve-wide.ts";
import { wideVariant, writeWideBundle } from "./wide/write-bundle.ts";

const about = `A catalogue of millions in int8, served by a process of its own: what it takes of memory while it loads and while it serves, and how
long one row takes beside reading the matrix once.`;

const flags = {
  items: { standard: 2_000_000, help: "items of the catalogue" },
  dims: { standard: 512, help: "dimensions of its vectors" },
  threads: {
    standard: Math.min(2, availableParallelism()),
    help: "the most threads of a session; one is always measured, too",
  },
  "recall-items": { standard: 50_000, help: "items of the catalogue that float32 ranks, too" },
};

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const { items, dims } = options;
  const shape = { items, dims };
  const root = await mkdtemp(join(tmpdir(), "crossfade-wide-"));
  try {
    const recall = await measureRecall({ items: options["recall-items"], dims });
    await using compiled = await compileServer();
    console.log(`Writing ${items} x ${dims} in int8`);
    const bundle = await writeWideBundle(join(root, "bundle"), shape);
    const batch = largestBatch(bundle, items);
    const served: Served[] = [];
    for (const threads of new Set([1, options.threads]))
      served.push(
        await serveWide({ dir: compiled.dir, bundle: bundle.dir, shape, threads, batch }),
      );
    const bytes = bundle.manifest.variants[wideVariant]!.passport.bytes;
    const figures = figuresOf(served, { bytes, matrixBytes: items * dims, batch });
    console.log(describe(figures, recall));
    for (const line of busyIn(figures)) console.log(line);
    const isa = await instructionSet();
    conclude({
      bench: "wide",
      figures: { ...shape, isa, ...figures, recall },
      floors: { readMs: served.map(({ threads, readMs }) => ({ threads, readMs })) },
      limits,
      missed: missedOf(figures, recall),
      invalid: invalidOf(figures),
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What the server makes of many rows of five tracks that it knows and one that it does not. */
function largestBatch({ manifest }: Bundle, itemCount: number): number {
  const settings = readSettings(manifest, manifest.variants[wideVariant]!);
  if (settings.text.kind !== "grams") throw new Error("the bundle reads names by their grams");
  const tower = createGramTower(settings.text);
  const lane = { known: 8, fresh: 2, length: 32, candidates: 0, fetch: 16 };
  return maxBatch(lane, { ...settings, tower, itemCount, intermediateBytes: 128 * 2 ** 20 });
}
