import { run as runLoad } from "../../loadtest/engine/run.ts";
import { createPace } from "../../loadtest/pace/pace.ts";
import type { RunPlan } from "../../loadtest/run-plan.ts";
import type { RunResult } from "../../loadtest/run-result.ts";
import { median } from "./interleaved.ts";
import { readFlags } from "./live/flags.ts";
import { watchMachine } from "./live/machine-load.ts";
import { ownCpuMs } from "./live/process-figures.ts";
import { conclude } from "./live/verdict.ts";
import { startTruthServer, truthPath, type TruthServer } from "./loadtest/truth-server.ts";
import { formatTable } from "./table.ts";

const about = `Whether the load generator tells the truth, in real time: 100 calls a second to a server that takes 50 ms for each, and to one
that also stands still for 2 s every 5 s. Servers keep the moment of each answer; less the moment at which the call was due, by
the seeded schedule, that is its latency. A run is right when its p50 is within 5% of that of the server's record, or when it
says itself that it is invalid. A run that is neither is what this looks for.`;

const flags = {
  runs: { standard: 100, help: "of each server" },
  seconds: {
    standard: 5,
    help: "of a run against the constant server; the stalling one takes twice that",
  },
};

const serviceMs = 50;
const stall = { everyMs: 5_000, forMs: 2_000 };
const perSecond = 100;
const warmUpMs = 500;
const toleratedShare = 0.05;

type Verdict = "right" | "invalid" | "wrong";

interface Comparison {
  readonly verdict: Verdict;
  /** Reported over true, less 1. */
  readonly p50: number;
  readonly p99: number;
  readonly lagP99Ms: number;
  readonly why: string;
}

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const machine = watchMachine(ownCpuMs);
  await using constant = await startTruthServer({ serviceMs });
  await using stalling = await startTruthServer({ serviceMs, stall });
  const found = new Map<string, Comparison[]>([
    ["constant", []],
    ["stalling", []],
  ]);
  for (let seed = 1; seed <= options.runs; seed++) {
    const forMs = 1_000 * options.seconds;
    found.get("constant")!.push(await compare(constant, planOf(constant, { forMs, seed })));
    const long = { forMs: 2 * forMs, seed };
    found.get("stalling")!.push(await compare(stalling, planOf(stalling, long)));
    if (process.stdout.isTTY || seed % 10 === 0) console.log(`${seed} of ${options.runs}`);
  }
  report(found, options);
  console.log(machine.describe());
}

function planOf(
  { address }: TruthServer,
  { forMs, seed }: { readonly forMs: number; readonly seed: number },
): RunPlan {
  // One for each call, and others for warming up, which takes them from the end.
  const count = 2 * Math.ceil((perSecond * (forMs + 2 * warmUpMs)) / 1_000);
  return {
    name: "truth",
    targets: [address],
    workload: {
      name: "numbers",
      call: { transport: "grpc", path: truthPath },
      requests: Array.from({ length: count }, (_, number) => {
        const request = Buffer.alloc(4);
        request.writeUInt32LE(number);
        return request;
      }),
      metadata: {},
      replies: "opaque",
    },
    schedule: { kind: seed % 2 === 0 ? "constant" : "poisson", perSecond, forMs },
    seed,
    warmUpMs,
    connections: 4,
    streamsPerConnection: 200,
    deadlineMs: 20_000,
    workers: 1,
  };
}

async function compare(server: TruthServer, plan: RunPlan): Promise<Comparison> {
  await server.answered();
  const result = await runLoad(plan);
  const truth = truthOf(plan, result, await server.answered());
  const p50 = result.latency.at(0.5) / truth(0.5) - 1;
  const isRight = Math.abs(p50) <= toleratedShare;
  const verdict = result.invalid.length > 0 ? "invalid" : isRight ? "right" : "wrong";
  const why = result.invalid.map(({ message }) => message).join("; ");
  const p99 = result.latency.at(0.99) / truth(0.99) - 1;
  return { verdict, p50, p99, lagP99Ms: result.generator.lagP99Ms, why };
}

/** Percentiles of when the server answered each call, less when it was due. */
function truthOf(
  { schedule, seed }: RunPlan,
  { startedAtMs }: RunResult,
  answered: ReadonlyMap<number, number>,
): (share: number) => number {
  if (schedule.kind === "closed") throw new Error("a closed loop has no schedule");
  const pace = createPace(schedule, { seed });
  const latencies: number[] = [];
  for (let [number, dueMs] = [0, pace.next()]; dueMs !== Infinity; number++, dueMs = pace.next())
    latencies.push((answered.get(number) ?? Infinity) - (startedAtMs + dueMs));
  const sorted = Float64Array.from(latencies).sort();
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

function report(
  found: ReadonlyMap<string, readonly Comparison[]>,
  options: Readonly<Record<string, number>>,
): void {
  const count = (all: readonly Comparison[], wanted: Verdict) =>
    all.filter(({ verdict }) => verdict === wanted).length;
  const worst = (all: readonly Comparison[], key: "p50" | "p99") =>
    Math.max(
      0,
      ...all.filter(({ verdict }) => verdict !== "invalid").map((one) => Math.abs(one[key])),
    );
  const rows = Array.from(found, ([server, all]) => [
    server,
    ...(["right", "invalid", "wrong"] as const).map((verdict) => String(count(all, verdict))),
    percent(median(all.map(({ p50 }) => p50))),
    percent(worst(all, "p50")),
    percent(worst(all, "p99")),
    median(all.map(({ lagP99Ms }) => lagP99Ms)).toFixed(2),
  ]);
  const headings = [
    "server",
    "right",
    "invalid",
    "wrong",
    "p50 off",
    "at most",
    "p99 at most",
    "lag p99 ms",
  ];
  console.log(formatTable(headings, rows));
  const all = [...found.values()].flat();
  const example = all.find(({ why }) => why !== "")?.why;
  if (example !== undefined) console.log(`e.g. invalid: ${example}`);
  conclude({
    bench: "loadtest-truth",
    figures: { ...options, rows },
    floors: {},
    limits: { p50: toleratedShare },
    missed: Array.from(found).flatMap(([server, own]) => {
      const wrong = count(own, "wrong");
      return wrong === 0
        ? []
        : [`${wrong} of ${own.length} valid runs of the ${server} server were wrong`];
    }),
    invalid:
      count(all, "right") === 0 ? ["no run was valid: the machine has too much else to do"] : [],
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
