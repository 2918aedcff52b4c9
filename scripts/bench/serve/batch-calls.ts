import { median } from "../interleaved.ts";
import { cpuTimes } from "../live/process-figures.ts";
import { batchPath } from "../live/requests.ts";
import { failuresOf, type Subjects } from "./subjects.ts";

const splits = [16, 32, 64, 128, 256];
const splitRounds = 3;
const bareForMs = 400;

export interface BatchFigures {
  /** One pass of ONNX Runtime over the rows. */
  readonly bareMs: number;
  /** A call with the same request and reply that nobody computes. */
  readonly cannedMs: number;
  readonly floorMs: number;
  readonly serverMs: number;
  readonly serverCpuMs: number;
  readonly timesFloor: number;
  readonly failures: readonly string[];
}

/** How many rows a run should have, for the bare runtime to be fastest. */
export async function bestSplit({ bare, encode }: Subjects): Promise<number> {
  const times = splits.map((): number[] => []);
  for (let round = 0; round < splitRounds; round++) {
    for (const [i, split] of splits.entries())
      times[i]!.push(await bare.passMs(encode(split), bareForMs / 4));
  }
  const medians = times.map(median);
  return splits[medians.indexOf(Math.min(...medians))]!;
}

export interface BatchRound {
  readonly calls: number;
  readonly split: number;
}

/** The bare runtime, the canned server and the server, one after the other; one call at a time. */
export async function batchRound(
  subjects: Subjects,
  { calls, split }: BatchRound,
): Promise<BatchFigures> {
  const { bare, encode, batch, generator, canned, server } = subjects;
  const failures: string[] = [];
  const callMs = async ({ address }: Subjects["canned"]) => {
    const pace = { kind: "closed", streams: 1, calls } as const;
    const load = { address, path: batchPath, requests: [batch], connections: 1, pace };
    const [report] = await generator.run(load);
    failures.push(...failuresOf("BatchRecommend", report!));
    return report!.latencies.p50;
  };
  const bareMs = await bare.passMs(encode(split), bareForMs);
  const cannedMs = await callMs(canned);
  const before = cpuTimes(server.pid).allMs;
  const serverMs = await callMs(server);
  const serverCpuMs = (cpuTimes(server.pid).allMs - before) / calls;
  const floorMs = bareMs + cannedMs;
  const timesFloor = serverMs / floorMs;
  return { bareMs, cannedMs, floorMs, serverMs, serverCpuMs, timesFloor, failures };
}

export function medianBatch(rounds: readonly BatchFigures[]): BatchFigures {
  const of = (pick: (round: BatchFigures) => number) => median(rounds.map(pick));
  return {
    bareMs: of(({ bareMs }) => bareMs),
    cannedMs: of(({ cannedMs }) => cannedMs),
    floorMs: of(({ floorMs }) => floorMs),
    serverMs: of(({ serverMs }) => serverMs),
    serverCpuMs: of(({ serverCpuMs }) => serverCpuMs),
    timesFloor: of(({ timesFloor }) => timesFloor),
    failures: rounds.flatMap(({ failures }) => failures),
  };
}
