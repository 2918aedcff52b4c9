import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBenchBundle } from "./live/bench-bundle.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { plot } from "./live/plot.ts";
import { slopeOf } from "./live/slope.ts";
import { conclude } from "./live/verdict.ts";
import { observe, type Observed } from "./saturation/observe.ts";
import { formatTable } from "./table.ts";

const about = `More calls in flight at a server process than it can take, single and in batches, for a while: does its memory stay
flat and inside the plan, and what becomes of the calls?`;

const flags = {
  seconds: { standard: 60, help: "of load" },
  items: { standard: 180_000, help: "items of the model" },
  users: { standard: 20_000, help: "users of the model" },
  dims: { standard: 128, help: "dimensions of its vectors" },
  workers: { standard: 1, help: "sessions" },
  streams: { standard: 512, help: "single calls in flight, over 4 connections" },
  batches: { standard: 8, help: "batch calls in flight, of 1,000 users with 75 candidates each" },
};

const variant = "qint8";
/** What a plan of engines counts on: see backends/engines/plan-engines.ts. */
const plan = { timesVariantBytes: 1.8, baseMb: 350 };
/** The memory of a server that was just loaded settles in the first quarter. */
const settlingShare = 0.25;
/** A slope counts as growth when twice its error does not explain it. */
const maxGrowthPerMinute = 0.03;
const windowMs = 5_000;
/** With a larger error, twice over, a run can tell neither growth nor flatness. */
const maxErrorPerMinute = 0.06;

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const root = await mkdtemp(join(tmpdir(), "crossfade-saturation-"));
  try {
    const { manifest } = await buildBenchBundle(join(root, "bench", "1"), options);
    const variantMb = manifest.variants[variant]!.passport.bytes / 2 ** 20;
    await using compiled = await compileServer();
    const observed = await observe({ ...options, variant, root, dir: compiled.dir });
    const memory = memoryFigures(observed);
    const limitMb = variantMb * options.workers * plan.timesVariantBytes + plan.baseMb;
    console.log(describe(observed, { memory, limitMb, variantMb }));
    console.log(observed.machine);
    conclude({
      bench: "saturation",
      figures: { ...options, variant, variantMb, ...memory, ...observed.figures },
      floors: { variantMb, idleRssMb: observed.idle.rssMb },
      limits: { rssMb: limitMb, growthPerMinute: maxGrowthPerMinute },
      missed: missedOf(memory, limitMb),
      invalid: invalidOf(observed, memory),
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

type MemoryFigures = ReturnType<typeof memoryFigures>;

function memoryFigures({ samples }: Observed) {
  const last = samples.at(-1)!;
  const settled = samples.filter(({ atMs }) => atMs >= settlingShare * last.atMs);
  const slope = slopeOf(
    settled.map(({ atMs, rssMb }) => ({ atMs, value: rssMb })),
    windowMs,
  );
  const meanMb = settled.reduce((sum, { rssMb }) => sum + rssMb, 0) / settled.length;
  return {
    maxRssMb: Math.max(...samples.map(({ rssMb }) => rssMb)),
    meanRssMb: meanMb,
    mbPerSecond: slope.perSecond,
    mbPerSecondError: slope.error,
    growthPerMinute: (60 * slope.perSecond) / meanMb,
    errorPerMinute: (2 * 60 * slope.error) / meanMb,
    sureGrowthPerMinute: (60 * (slope.perSecond - 2 * slope.error)) / meanMb,
    anonMb: last.anonMb,
    fileMb: last.fileMb,
  };
}

function missedOf(
  { maxRssMb, growthPerMinute, sureGrowthPerMinute }: MemoryFigures,
  limitMb: number,
): string[] {
  const missed: string[] = [];
  if (maxRssMb > limitMb)
    missed.push(`RSS reached ${maxRssMb.toFixed(0)} MB; ${limitMb.toFixed(0)} are allowed`);
  if (sureGrowthPerMinute > maxGrowthPerMinute)
    missed.push(
      `RSS grew by ${percent(growthPerMinute)} a minute; ${percent(maxGrowthPerMinute)} pass for flat`,
    );
  return missed;
}

function invalidOf({ refused }: Observed, { errorPerMinute }: MemoryFigures): string[] {
  return [
    ...(refused > 0 ? [] : ["nothing was refused: raise --streams and --batches"]),
    ...(errorPerMinute <= maxErrorPerMinute
      ? []
      : [`the slope of RSS is uncertain by ${percent(errorPerMinute)} a minute: raise --seconds`]),
  ];
}

interface Described {
  readonly memory: MemoryFigures;
  readonly limitMb: number;
  readonly variantMb: number;
}

function describe(observed: Observed, { memory, limitMb, variantMb }: Described): string {
  const { samples, idle, serverCores, generatorCores } = observed;
  const calls = formatTable(
    ["calls", "per s", "users answered/s", "p50 ms", "p99 ms", "by status"],
    observed.loads.map(({ name, perSecond, answeredPerSecond, latencies, codes }) => [
      name,
      perSecond.toFixed(0),
      answeredPerSecond.toFixed(0),
      latencies.p50.toFixed(1),
      latencies.p99.toFixed(1),
      Object.entries(codes)
        .map(([code, count]) => `${code} ${count}`)
        .join(", "),
    ]),
  );
  const sizes = formatTable(
    ["MB", "RSS", "of it heaps", "mapped files"],
    [
      [`the ${variant} variant's files (floor)`, mb(variantMb), "", ""],
      ["loaded, idle", mb(idle.rssMb), mb(idle.anonMb), mb(idle.fileMb)],
      ["at the end", mb(samples.at(-1)!.rssMb), mb(memory.anonMb), mb(memory.fileMb)],
      ["most", mb(memory.maxRssMb), "", ""],
      ["allowed", mb(limitMb), "", ""],
    ],
  );
  const slope = `slope after the first quarter: ${memory.mbPerSecond.toFixed(3)} +-${memory.mbPerSecondError.toFixed(3)} MB/s, ${percent(memory.growthPerMinute)} a minute`;
  const cpu = `CPU: server ${serverCores.toFixed(2)} cores, generator ${generatorCores.toFixed(2)}`;
  const rss = plot(
    samples.map(({ rssMb }) => rssMb),
    { unit: "MB" },
  );
  return `${calls}\n${cpu}\n\n${sizes}\n${rss}\n${slope}\n`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

function mb(value: number): string {
  return value.toFixed(0);
}
