import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createGramTower } from "../../models/cold-start/gram-tower.ts";
import { maxBatch } from "../../models/cold-start/max-batch.ts";
import { readSettings } from "../../models/cold-start/settings.ts";
import type { Bundle } from "../../models/bundle/bundle.ts";
import { instructionSet } from "../../models/instruction-set.ts";
import { scoresAtOnce } from "../../models/ranking/graph/compact-catalogue.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { conclude } from "./live/verdict.ts";
import { formatTable } from "./table.ts";
import { measureRecall, type Recall } from "./wide/recall.ts";
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

const limits = {
  /** To the variant's bytes: memory that is the process's own, once it serves. */
  steady: 1.2,
  /** Likewise, with all that is mapped, until it is loaded and warm. */
  peak: 2.2,
  /** Of the matrix, of the scores that exist at one time. */
  scores: 0.1,
  /** Of the bandwidth of memory, of one row. */
  bandwidth: 0.5,
  /** The gate of every variant. */
  overlap10: 0.96,
  top1: 0.94,
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

interface Sizes {
  /** Of all that the variant reads. */
  readonly bytes: number;
  readonly matrixBytes: number;
  /** Rows. */
  readonly batch: number;
}

type Figures = ReturnType<typeof figuresOf>;

function figuresOf(served: readonly Served[], { bytes, matrixBytes, batch }: Sizes) {
  const ratio = (mb: number) => (mb * 2 ** 20) / bytes;
  const scoreBytes = 4 * batch * scoresAtOnce;
  return {
    bytes,
    matrixBytes,
    batch,
    scoreBytes,
    scoreShare: scoreBytes / matrixBytes,
    served: served.map((one) => ({
      ...one,
      peak: ratio(one.peakMb),
      steady: ratio(one.memory.anonMb),
      resident: ratio(one.memory.rssMb),
      gigabytesPerSecond: matrixBytes / one.rowMs / 1e6,
      bandwidthGigabytesPerSecond: matrixBytes / one.readMs / 1e6,
      bandwidthShare: one.readMs / one.rowMs,
    })),
  };
}

function describe(
  { bytes, batch, scoreBytes, scoreShare, served }: Figures,
  recall: Recall,
): string {
  const memory = formatTable(
    ["threads", "load s", "peak MB", "ratio", "steady MB", "ratio", "with mapped", "ratio"],
    served.map(({ threads, loadMs, memory: { anonMb, rssMb }, ...one }) => [
      `${threads}`,
      ms(loadMs / 1_000),
      mb(one.peakMb),
      `${one.peak.toFixed(2)}x`,
      mb(anonMb),
      `${one.steady.toFixed(2)}x`,
      mb(rssMb),
      `${one.resident.toFixed(2)}x`,
    ]),
  );
  const speed = formatTable(
    ["threads", "row ms", "CPU ms", "floor ms", "GB/s", "memory GB/s", "share", `${batch} rows ms`],
    served.map((one) => [
      `${one.threads}`,
      ms(one.rowMs),
      ms(one.rowCpuMs),
      ms(one.readMs),
      one.gigabytesPerSecond.toFixed(1),
      one.bandwidthGigabytesPerSecond.toFixed(1),
      one.bandwidthShare.toFixed(2),
      ms(one.batchMs),
    ]),
  );
  return `the variant has ${mb(bytes / 2 ** 20)} MB; a batch has up to ${batch} rows, whose scores take ${mb(scoreBytes / 2 ** 20)} MB at one time: ${percent(scoreShare)} of the matrix

${memory}

${speed}

mapped: code, and of the table the pages where tracks were looked up, with their neighbours. They are the file's pages in the system's cache,
shared by sessions and processes and the first to go where memory is short; the peak has them and the originals of what was packed.
floor: the matrix read once by as many threads, measured in turns with the calls
against float32, ${recall.items} items like trained ones: ${percent(recall.overlap10)} of the top 10, ${percent(recall.top1)} of the first
`;
}

interface Bound {
  readonly what: string;
  readonly value: number;
  readonly most?: number;
  readonly least?: number;
}

function missedOf({ served, scoreShare }: Figures, { overlap10, top1 }: Recall): string[] {
  const bounds: Bound[] = served.flatMap(({ threads, steady, peak }) => [
    { what: `steady memory, threads: ${threads}`, value: steady, most: limits.steady },
    { what: `load peak, threads: ${threads}`, value: peak, most: limits.peak },
  ]);
  // One thread alone waits for memory more than it reads: the runtime's kernel goes through three places at once.
  const share = Math.max(...served.map(({ bandwidthShare }) => bandwidthShare));
  bounds.push(
    { what: "scores at one time, of the matrix", value: scoreShare, most: limits.scores },
    { what: "one row, of memory's bandwidth", value: share, least: limits.bandwidth },
    { what: "overlap@10 with float32", value: overlap10, least: limits.overlap10 },
    { what: "same top-1 as float32", value: top1, least: limits.top1 },
  );
  return bounds.flatMap(({ what, value, most = Infinity, least = -Infinity }) => {
    if (value <= most && value >= least) return [];
    const required = most < Infinity ? `at most ${most}` : `at least ${least}`;
    return [`${what}: ${value.toFixed(3)}, ${required} is required`];
  });
}

/** Beyond it the times say as much about the neighbours. */
const busy = 0.1;

function busyIn({ served }: Figures): readonly string[] {
  const { rowMs, rowCpuMs } = served[0]!;
  const lost = 1 - rowCpuMs / rowMs;
  if (lost <= busy) return [];
  return [
    `NOT ALONE: others had the core for ${percent(lost)} of a row's time; run it again on an idle machine.`,
  ];
}

/** Below it a process weighs as much by itself. */
const leastBytes = 2 ** 29;

function invalidOf({ matrixBytes }: Figures): readonly string[] {
  if (matrixBytes >= leastBytes) return [];
  return [
    `a matrix of ${mb(matrixBytes / 2 ** 20)} MB is none of a wide catalogue: the process itself outweighs it`,
  ];
}

const mb = (value: number) => value.toFixed(0);
const ms = (value: number) => value.toFixed(1);

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
