import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./interleaved.ts";
import { buildBenchBundle } from "./live/bench-bundle.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { plot } from "./live/plot.ts";
import { conclude } from "./live/verdict.ts";
import { type Swapped, swapUnderLoad } from "./swaps/swap-under-load.ts";
import { formatTable } from "./table.ts";

const about = `Version after version arrives while a server process answers an open loop of calls, and the one before leaves: does a call
fail, and does memory grow?`;

const flags = {
  swaps: { standard: 100, help: "versions that arrive" },
  rate: { standard: 200, help: "calls per second" },
  deadline: { standard: 250, help: "of a call, in ms" },
  items: { standard: 50_000, help: "items of the model" },
  users: { standard: 20_000, help: "users of the model" },
  dims: { standard: 128, help: "dimensions of its vectors" },
};

/** After the last swap, to that after a tenth of them. */
const maxGrowth = 1.1;
/** A generator that sends later than this did not offer the load that it should have. */
const maxLateP99Ms = 50;
/** Memory is the median of so many swaps: a single look may fall on a collection or before one. */
const window = 5;

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const root = await mkdtemp(join(tmpdir(), "crossfade-swaps-"));
  try {
    const bundle = await buildBenchBundle(join(root, "source"), options);
    await using compiled = await compileServer();
    const models = join(root, "models");
    const swapped = await swapUnderLoad({ ...options, models, dir: compiled.dir, bundle });
    const figures = figuresOf(swapped);
    console.log(describe(swapped, figures));
    console.log(swapped.machine);
    const { floor, ...rest } = figures;
    conclude({
      bench: "swaps",
      figures: { ...options, ...rest },
      floors: { rssMb: floor },
      limits: { failed: 0, growth: maxGrowth, lateP99Ms: maxLateP99Ms },
      missed: missedOf(swapped, figures),
      invalid: invalidOf(swapped),
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

type Figures = ReturnType<typeof figuresOf>;

function figuresOf({ memory, swapMs, load, idle, serverCores, generatorCores }: Swapped) {
  const early = Math.max(1, Math.round(memory.length / 10));
  const after = (swaps: number) =>
    median(memory.slice(Math.max(0, swaps - window), swaps).map(({ rssMb }) => rssMb));
  const { OK: answered = 0, ...failures } = load.codes;
  return {
    early,
    floor: idle.rssMb,
    earlyRssMb: after(early),
    lastRssMb: after(memory.length),
    growth: after(memory.length) / after(early),
    swapMs: median(swapMs),
    slowestSwapMs: Math.max(...swapMs),
    answered,
    failures,
    latencies: load.latencies,
    late: load.late,
    serverCores,
    generatorCores,
  };
}

function missedOf({ load }: Swapped, { failures, growth }: Figures): string[] {
  const missed = Object.entries(failures).map(
    ([code, count]) => `${count} calls ended with ${code}: ${load.messages[code]}`,
  );
  if (growth > maxGrowth)
    missed.push(`RSS grew to ${growth.toFixed(3)} times; ${maxGrowth} are allowed`);
  return missed;
}

function invalidOf({ load }: Swapped): string[] {
  if (load.late.p99 <= maxLateP99Ms) return [];
  return [
    `calls left ${load.late.p99.toFixed(0)} ms late (p99), more than ${maxLateP99Ms}: the generator could not keep its schedule`,
  ];
}

function describe({ memory, load, idle }: Swapped, figures: Figures): string {
  const { early, earlyRssMb, lastRssMb, growth, swapMs, slowestSwapMs, failures } = figures;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const { latencies, late } = load;
  const sizes = formatTable(
    ["MB", "RSS", "of it heaps", "mapped files", "times"],
    [
      ["one version, idle (floor)", mb(idle.rssMb), mb(idle.anonMb), mb(idle.fileMb), ""],
      [`after ${early} swaps`, mb(earlyRssMb), ...partsAt(memory, early), "1.000"],
      [
        `after ${memory.length} swaps`,
        mb(lastRssMb),
        ...partsAt(memory, memory.length),
        growth.toFixed(3),
      ],
    ],
  );
  const calls = formatTable(
    ["calls", "failed", "p50 ms", "p99 ms", "max ms", "sent late p99 ms", "swap ms", "slowest"],
    [
      [
        `${load.calls}`,
        `${failed}`,
        latencies.p50.toFixed(1),
        latencies.p99.toFixed(1),
        latencies.max.toFixed(1),
        late.p99.toFixed(1),
        swapMs.toFixed(0),
        slowestSwapMs.toFixed(0),
      ],
    ],
  );
  const cpu = `CPU: server ${figures.serverCores.toFixed(2)} cores, generator ${figures.generatorCores.toFixed(2)}`;
  const rss = plot(
    memory.map(({ rssMb }) => rssMb),
    { unit: "MB" },
  );
  return `${calls}\n${cpu}\n\n${sizes}\n${rss}\n`;
}

function partsAt(memory: Swapped["memory"], swaps: number): [string, string] {
  const { anonMb, fileMb } = memory[swaps - 1]!;
  return [anonMb.toFixed(0), fileMb.toFixed(0)];
}

function mb(value: number): string {
  return value.toFixed(0);
}
