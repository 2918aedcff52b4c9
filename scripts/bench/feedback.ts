import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { countExported } from "./feedback/count-exported.ts";
import { measureFloor, type Floor } from "./feedback/floors.ts";
import { judge, type Judged } from "./feedback/judge.ts";
import { sendEvents, type Sent } from "./feedback/send-events.ts";
import { openSink, type SinkKind, sinkKinds, type SinkProcess } from "./feedback/sink-process.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { watchMachine } from "./live/machine-load.ts";
import { ownCpuMs } from "./live/process-figures.ts";
import { conclude } from "./live/verdict.ts";
import { formatTable } from "./table.ts";

const about = `Feedback through a router while what keeps it is killed with SIGKILL again and again: the router itself with its spool,
then a Redis with its stream. Every event that was acknowledged must be exported exactly once.`;

const flags = {
  events: { standard: 100_000, help: "events, in each of the two" },
  rate: { standard: 2_000, help: "events per second" },
  "kill-every": { standard: 5, help: "seconds from one kill to the next" },
};

type Options = Readonly<Record<keyof typeof flags, number>>;

/** Later than that, the generator was too slow to say anything. */
const maxLagP99Ms = 250;

interface Figures extends Judged {
  readonly kills: number;
  readonly failedAttempts: Sent["failures"];
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly lagP99Ms: number;
  readonly routerCpuUsPerEvent: number;
  readonly exportPerSecond: number;
  readonly exportSaid: string;
}

interface Measured {
  readonly figures: Figures;
  readonly floor: Floor;
}

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  await using compiled = await compileServer();
  const measured = new Map<SinkKind, Measured>();
  const machine = watchMachine(ownCpuMs);
  for (const kind of sinkKinds) measured.set(kind, await measure(kind, compiled.dir, options));
  console.log(describe(measured));
  console.log(machine.describe());
  const floors = Array.from(measured, ([kind, { floor }]) => [kind, floor] as const);
  const figures = Array.from(measured, ([kind, one]) => [kind, one.figures] as const);
  conclude({
    bench: "feedback",
    figures: { ...options, ...Object.fromEntries(figures) },
    floors: Object.fromEntries(floors),
    limits: { unacknowledged: 0, lost: 0, twice: 0, strange: 0, lagP99Ms: maxLagP99Ms },
    missed: figures.flatMap(([kind, one]) => missedBy(kind, one, options)),
    invalid: figures.flatMap(([kind, one]) => invalidBy(kind, one, options)),
  });
}

async function measure(kind: SinkKind, dir: string, options: Options): Promise<Measured> {
  const root = await mkdtemp(join(tmpdir(), "crossfade-feedback-"));
  try {
    await using sink = await openSink[kind]({ dir, root });
    const floor = await measureFloor[kind]({ root, place: sink.place });
    console.log(`${kind}: ${options.events} events at ${options.rate} per second`);
    const figures = await sendAndCount(sink, { ...options, dir, root });
    return { figures, floor };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface Run extends Options {
  readonly dir: string;
  readonly root: string;
}

async function sendAndCount(sink: SinkProcess, run: Run): Promise<Figures> {
  const { dir, root, events, rate } = run;
  const stop = new AbortController();
  const killing = killUntil(sink, 1_000 * run["kill-every"], stop.signal);
  const startCpuMs = sink.routerCpuMs();
  const sent = await sendEvents({ address: sink.address, events, perSecond: rate });
  stop.abort();
  const kills = await killing;
  const cpuMs = sink.routerCpuMs() - startCpuMs;
  const exported = await countExported(dir, sink.place, root);
  return {
    ...judge(sent, exported, events),
    kills,
    failedAttempts: sent.failures,
    ackP50Ms: quantile(sent.ackMs, 0.5),
    ackP99Ms: quantile(sent.ackMs, 0.99),
    lagP99Ms: quantile(sent.lagMs, 0.99),
    routerCpuUsPerEvent: round((1_000 * cpuMs) / events),
    exportPerSecond: round((1_000 * events) / exported.tookMs),
    exportSaid: exported.said,
  };
}

/** @returns How often. */
async function killUntil(sink: SinkProcess, everyMs: number, signal: AbortSignal): Promise<number> {
  let kills = 0;
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    await sink.crash();
    kills += 1;
  }
  return kills;
}

function missedBy(kind: SinkKind, figures: Figures, { events }: Options): string[] {
  const { acknowledged, lost, twice, strange } = figures;
  return [
    ...(acknowledged < events ? [`${events - acknowledged} were never acknowledged`] : []),
    ...(lost > 0 ? [`${lost} were acknowledged and are not there`] : []),
    ...(twice > 0 ? [`${twice} are there more than once`] : []),
    ...(strange > 0 ? [`${strange} are there and were never sent`] : []),
  ].map((line) => `${kind}: ${line}`);
}

function invalidBy(kind: SinkKind, figures: Figures, options: Options): string[] {
  const seconds = options.events / options.rate;
  const expected = Math.floor(seconds / (2 * options["kill-every"]));
  return [
    ...(figures.lagP99Ms > maxLagP99Ms
      ? [`events left ${figures.lagP99Ms} ms late (p99): the generator did not keep up`]
      : []),
    ...(figures.kills < expected ? [`only ${figures.kills} kills in ${seconds} s`] : []),
  ].map((line) => `${kind}: ${line}`);
}

function describe(measured: ReadonlyMap<SinkKind, Measured>): string {
  const rows = Array.from(measured, ([kind, { figures, floor }]) => [
    kind,
    ...[figures.acknowledged, figures.kills, figures.lost, figures.twice].map(String),
    figures.ackP50Ms.toFixed(1),
    floor.p50Ms.toFixed(2),
    figures.ackP99Ms.toFixed(1),
    floor.perSecond.toFixed(0),
    figures.routerCpuUsPerEvent.toFixed(0),
    figures.exportPerSecond.toFixed(0),
  ]);
  return formatTable(
    [
      "sink",
      "acknowledged",
      "kills",
      "lost",
      "twice",
      "ack p50 ms",
      "bare write ms",
      "ack p99 ms",
      "bare writes/s",
      "router CPU us/event",
      "exported/s",
    ],
    rows,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
