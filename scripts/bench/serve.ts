import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TwoTowerShape } from "../../models/two-tower/weights.ts";
import { openRawSession } from "./batching/raw-session.ts";
import { buildBenchBundle } from "./live/bench-bundle.ts";
import { startCannedServer } from "./live/canned-server.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { startGenerator } from "./live/generator.ts";
import { watchMachine } from "./live/machine-load.ts";
import { cpuTimes, ownCpuMs } from "./live/process-figures.ts";
import {
  batchPath,
  batchRequest,
  batchRows,
  recommendPath,
  unaryRequests,
} from "./live/requests.ts";
import { startServerProcess } from "./live/server-process.ts";
import { conclude } from "./live/verdict.ts";
import { type BatchFigures, batchRound, bestSplit, medianBatch } from "./serve/batch-calls.ts";
import { openRows } from "./serve/open-rows.ts";
import { askOnce, type Subjects } from "./serve/subjects.ts";
import {
  type CallFigures,
  medianUnary,
  type UnaryFigures,
  unaryRound,
} from "./serve/unary-calls.ts";
import { formatTable } from "./table.ts";

const about = `CPU per request of a server process beside a server that answers the same bytes at once; and BatchRecommend beside
a bare ONNX Runtime run of the same rows plus that canned call.`;

const flags = {
  rounds: { standard: 7, help: "interleaved rounds; figures are their medians" },
  seconds: { standard: 1.5, help: "of unary calls, per server and round" },
  calls: { standard: 40, help: "batch calls, per server and round" },
  items: { standard: 20_000, help: "items of the model, and as many users" },
  dims: { standard: 128, help: "dimensions of its vectors" },
  users: { standard: 1_000, help: "users in one batch call" },
  candidates: { standard: 75, help: "candidates of each" },
};

/** Of a BatchRecommend call, in sums of the bare run and the canned call. */
const maxTimesFloor = 1.5;

/** The server needs a core for I/O and one for its session; with less, a call waits for neighbours. */
const maxOthersShare = 0.15;

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const { rounds, seconds, calls, users, candidates } = options;
  const shape = { users: options.items, items: options.items, dims: options.dims };
  const parts = { shape, size: { users, candidates } };
  const { unary, batch, split, machine, others } = await withSubjects(parts, async (subjects) => {
    const { server, canned, generator } = subjects;
    const watched = watchMachine(
      () =>
        ownCpuMs() + generator.cpuMs() + cpuTimes(server.pid).allMs + cpuTimes(canned.pid).allMs,
    );
    const split = await bestSplit(subjects);
    const taken: { unary: UnaryFigures; batch: BatchFigures }[] = [];
    for (let round = 0; round <= rounds; round++) {
      const unary = await unaryRound(subjects, { forMs: 1_000 * seconds });
      const figures = { unary, batch: await batchRound(subjects, { calls, split }) };
      // The first round warms the compilers up.
      if (round > 0) taken.push(figures);
    }
    return {
      unary: medianUnary(taken.map((one) => one.unary)),
      batch: medianBatch(taken.map((one) => one.batch)),
      split,
      machine: watched.describe(),
      others: watched.othersShare(),
    };
  });

  console.log(describeUnary(unary));
  console.log(`\n${describeBatch(batch, { ...parts.size, split })}`);
  console.log(`\n${machine}`);
  conclude({
    bench: "serve",
    figures: { ...shape, users, candidates, rounds, unary, batch, othersShare: others },
    floors: {
      unaryCpuUs: unary.canned.cpuUs,
      batchMs: batch.floorMs,
      bareRunMs: batch.bareMs,
      cannedCallMs: batch.cannedMs,
      rowsPerRun: split,
    },
    limits: { batchTimesFloor: maxTimesFloor, othersShare: maxOthersShare },
    missed:
      batch.timesFloor <= maxTimesFloor
        ? []
        : [
            `a batch call takes ${batch.timesFloor.toFixed(2)} floors; ${maxTimesFloor} are allowed`,
          ],
    invalid: [...unary.failures, ...batch.failures, ...disturbed(others)],
  });
}

function disturbed(others: number): string[] {
  if (others <= maxOthersShare) return [];
  return [
    `other processes took ${(100 * others).toFixed(0)}% of the machine; more than ${100 * maxOthersShare}% lengthen calls that use two cores`,
  ];
}

interface Parts {
  readonly shape: TwoTowerShape;
  readonly size: { readonly users: number; readonly candidates: number };
}

/** Builds the model, starts every process, and stops them all. */
async function withSubjects<Result>(
  { shape, size }: Parts,
  measure: (subjects: Subjects) => Promise<Result>,
): Promise<Result> {
  const models = await mkdtemp(join(tmpdir(), "crossfade-serve-"));
  try {
    const bundle = await buildBenchBundle(join(models, "bench", "1"), shape);
    await using compiled = await compileServer();
    const { dir } = compiled;
    const args = [
      "--models",
      models,
      "--variant",
      "qint8",
      "--workers",
      "1",
      "--intra-op-threads",
      "1",
    ];
    await using server = await startServerProcess({ dir, args });
    await using generator = startGenerator(dir);
    const unary = unaryRequests(shape, 1_000);
    const rows = batchRows(shape, size, 0);
    const batch = batchRequest(rows);
    const ask = { generator, address: server.address };
    await using canned = await startCannedServer({
      dir,
      replies: [
        [recommendPath, await askOnce(ask, recommendPath, unary[0]!)],
        [batchPath, await askOnce(ask, batchPath, batch)],
      ],
    });
    const { graph, encode } = await openRows(bundle, rows);
    await using bare = await openRawSession(graph);
    return await measure({ server, canned, generator, unary, batch, bare, encode });
  } finally {
    await rm(models, { recursive: true, force: true });
  }
}

function describeUnary({ canned, server, timesCanned }: UnaryFigures): string {
  return formatTable(
    [
      "Recommend, 4 x 16 streams",
      "CPU us/call",
      "I/O thread",
      "others",
      "calls/s",
      "p50 ms",
      "generator us/call",
    ],
    [
      ["canned reply (floor)", ...cellsOf(canned)],
      [`server, ${timesCanned.toFixed(2)} floors`, ...cellsOf(server)],
    ],
  );
}

function cellsOf({ cpuUs, mainUs, perSecond, p50Ms, generatorUs }: CallFigures): string[] {
  return [
    cpuUs.toFixed(1),
    mainUs.toFixed(1),
    (cpuUs - mainUs).toFixed(1),
    perSecond.toFixed(0),
    p50Ms.toFixed(2),
    generatorUs.toFixed(1),
  ];
}

function describeBatch(
  { bareMs, cannedMs, floorMs, serverMs, serverCpuMs, timesFloor }: BatchFigures,
  { users, candidates, split }: { users: number; candidates: number; split: number },
): string {
  return formatTable(
    [`BatchRecommend, ${users} x ${candidates}`, "p50 ms", "floors"],
    [
      [`bare ONNX Runtime, ${split} rows a run`, bareMs.toFixed(2), (bareMs / floorMs).toFixed(2)],
      ["canned call", cannedMs.toFixed(2), (cannedMs / floorMs).toFixed(2)],
      ["their sum (floor)", floorMs.toFixed(2), "1.00"],
      [`server (${serverCpuMs.toFixed(1)} ms CPU)`, serverMs.toFixed(2), timesFloor.toFixed(2)],
    ],
  );
}
