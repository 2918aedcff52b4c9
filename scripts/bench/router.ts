import { median } from "./interleaved.ts";
import { firstDocument } from "../chaos/documents.ts";
import { openFrontRouter } from "../chaos/front-router.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { forkProcess } from "./live/fork-process.ts";
import { type Generator, startGenerator } from "./live/generator.ts";
import { watchMachine } from "./live/machine-load.ts";
import { cpuTimes, ownCpuMs } from "./live/process-figures.ts";
import { conclude } from "./live/verdict.ts";
import { type Hop, type HopFigures, measureHop, medianHop } from "./router/hop.ts";
import { missing, openProxy, proxyKinds } from "./router/proxy.ts";
import type { UpstreamOrder, UpstreamStarted } from "./router/upstream-process.ts";
import { formatTable } from "./table.ts";

const about = `What the hop through the router costs: CPU per call and added latency, beside nginx (grpc_pass), haproxy and no hop at
all, in front of one server that answers at once. 4 connections with 16 calls in flight each.`;

const flags = {
  rounds: { standard: 7, help: "interleaved rounds; figures are their medians" },
  seconds: { standard: 1.5, help: "of calls, per hop and round" },
};

const versions = ["1", "2"];

interface Measured {
  readonly hops: ReadonlyMap<string, HopFigures>;
  readonly skipped: readonly string[];
  readonly machine: string;
}

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const { hops, skipped, machine } = await measure(options);
  console.log(describe(hops));
  for (const why of skipped) console.log(`skipped: ${why}`);
  console.log(machine);
  conclude({
    bench: "router",
    figures: { ...options, hops: Object.fromEntries(hops), skipped },
    floors: { direct: hops.get("direct") },
    limits: {},
    missed: [],
    invalid: Array.from(hops, ([name, { failures }]) =>
      failures.map((why) => `${name}: ${why}`),
    ).flat(),
  });
}

async function measure(options: {
  readonly rounds: number;
  readonly seconds: number;
}): Promise<Measured> {
  const { model } = firstDocument();
  await using compiled = await compileServer();
  const { dir } = compiled;
  await using upstream = forkProcess(new URL("router/upstream-process.ts", import.meta.url));
  upstream.send({ model, versions } satisfies UpstreamOrder);
  const { address } = (await upstream.next()) as UpstreamStarted;
  await using generator = startGenerator(dir);
  await using router = await openFrontRouter({ dir, servers: [address] });
  await router.apply(firstDocument());
  const present = proxyKinds.filter((kind) => missing(kind) === undefined);
  const proxies = await Promise.all(
    present.map(async (kind) => ({ name: kind.name, ...(await openProxy(kind, address)) })),
  );
  const hops: Hop[] = [
    { name: "direct", address, pid: undefined },
    { ...router, name: "crossfade route" },
    ...proxies,
  ];
  try {
    const pids = [upstream.pid, ...hops.flatMap(({ pid }) => pid ?? [])];
    const machine = watchMachine(
      () =>
        ownCpuMs() + generator.cpuMs() + pids.reduce((sum, pid) => sum + cpuTimes(pid).allMs, 0),
    );
    const measured = await takeTurns(hops, { ...options, generator, upstreamPid: upstream.pid });
    const skipped = proxyKinds.flatMap((kind) => missing(kind) ?? []);
    return { hops: measured, skipped, machine: machine.describe() };
  } finally {
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  }
}

interface Turns {
  readonly rounds: number;
  readonly seconds: number;
  readonly generator: Generator;
  readonly upstreamPid: number;
}

async function takeTurns(hops: readonly Hop[], turns: Turns): Promise<Map<string, HopFigures>> {
  const { rounds, seconds, ...parts } = turns;
  const taken = new Map<string, HopFigures[]>(hops.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const hop of hops) {
      const figures = await measureHop(hop, { ...parts, forMs: 1_000 * seconds });
      // The first round warms the compilers up.
      if (round > 0) taken.get(hop.name)!.push(figures);
    }
  }
  return new Map(Array.from(taken, ([name, figures]) => [name, medianHop(figures, median)]));
}

function describe(hops: ReadonlyMap<string, HopFigures>): string {
  const direct = hops.get("direct")!;
  const rows = Array.from(hops, ([name, figures]) => [
    name,
    name === "direct" ? "" : figures.hopUs.toFixed(1),
    figures.upstreamUs.toFixed(1),
    figures.perSecond.toFixed(0),
    figures.p50Ms.toFixed(2),
    name === "direct" ? "" : (figures.p50Ms - direct.p50Ms).toFixed(2),
    figures.p99Ms.toFixed(1),
    figures.aloneMs.toFixed(2),
    name === "direct" ? "" : (figures.aloneMs - direct.aloneMs).toFixed(2),
  ]);
  return formatTable(
    [
      "hop",
      "its CPU us/call",
      "server's",
      "calls/s",
      "p50 ms",
      "added",
      "p99 ms",
      "alone p50 ms",
      "added",
    ],
    rows,
  );
}
