import { readFileSync } from "node:fs";
import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  RecommendRequest,
  RecommendResponse,
} from "../../../proto/gen/crossfade/v1/recommender.ts";
import { Random } from "../../../models/random.ts";
import { median } from "../interleaved.ts";
import { startGenerator, type Generator } from "../live/generator.ts";
import type { Load, LoadReport } from "../live/load.ts";
import { cpuTimes, memoryOf, type Memory } from "../live/process-figures.ts";
import { batchPath, recommendPath } from "../live/requests.ts";
import { startServerProcess, type ServerProcess } from "../live/server-process.ts";
import { openBandwidth } from "./bandwidth.ts";
import { wideItem, wideModel, wideVariant, type WideShape } from "./write-bundle.ts";

export interface ServeOptions {
  /** Of the compiled server. */
  readonly dir: string;
  /** Of the bundle. */
  readonly bundle: string;
  readonly shape: WideShape;
  /** Of the one session. */
  readonly threads: number;
  /** Rows of the largest batch that the server makes. */
  readonly batch: number;
}

export interface Served {
  readonly threads: number;
  readonly loadMs: number;
  /** Up to when it was loaded and warm, MB. */
  readonly peakMb: number;
  /** After calls of one row and of full batches. */
  readonly memory: Memory;
  /** Medians of rounds, which take turns. */
  readonly rowMs: number;
  readonly rowCpuMs: number;
  readonly batchMs: number;
  /** The matrix read once, by as many threads. */
  readonly readMs: number;
}

const rounds = 7;
const callsOfRound = 3;

/** Serves the bundle in a process of its own, as it would be, and measures that. */
export async function serveWide(options: ServeOptions): Promise<Served> {
  const { dir, bundle, shape, threads, batch } = options;
  const { items, dims } = shape;
  const startedMs = performance.now();
  const own = ["--bundle", bundle, "--variant", wideVariant, "--workers", "1"];
  await using server = await startServerProcess({
    dir,
    args: [...own, "--intra-op-threads", `${threads}`],
  });
  const loadMs = performance.now() - startedMs;
  const peakMb = peakOf(server.pid);
  await using generator = startGenerator(dir);
  const calls = createCalls({ server, generator, items });
  await calls.one(1);
  const batchMs = median([
    await calls.full(batch),
    await calls.full(batch),
    await calls.full(batch),
  ]);

  await using bandwidth = await openBandwidth(items * dims, threads);
  const times: { row: number; cpu: number; read: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const beforeMs = cpuTimes(server.pid).allMs;
    const row = await calls.one(callsOfRound);
    const cpu = (cpuTimes(server.pid).allMs - beforeMs) / callsOfRound;
    times.push({ row, cpu, read: await bandwidth.readMs() });
  }
  return {
    threads,
    loadMs,
    peakMb,
    memory: memoryOf(server.pid),
    rowMs: median(times.map(({ row }) => row)),
    rowCpuMs: median(times.map(({ cpu }) => cpu)),
    batchMs,
    readMs: median(times.map(({ read }) => read)),
  };
}

/** The most that was ever resident, MB. */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

interface Calling {
  readonly server: ServerProcess;
  readonly generator: Generator;
  readonly items: number;
}

function createCalls({ server, generator, items }: Calling) {
  const random = new Random(4);
  /** Tracks that everybody has are in many playlists. */
  const request = () => ({
    model: wideModel,
    history: Array.from({ length: 5 }, () => wideItem(Math.floor(items * random.share() ** 4)).id),
    tracks: [{ title: `Nobody Knows ${random.below(items)}`, artist: "Somebody New" }],
    topK: 10,
  });
  const run = async (load: Pick<Load, "path" | "requests" | "isBatch">, count: number) => {
    const { address } = server;
    const pace = { kind: "closed", streams: 1, calls: count } as const;
    const deadlineMs = 120_000;
    const [report] = await generator.run({ ...load, address, connections: 1, deadlineMs, pace });
    assertAnswered(report!, count);
    return report!;
  };
  return {
    /** Milliseconds of a call for one row. */
    async one(count: number): Promise<number> {
      const requests = Array.from({ length: count }, () =>
        RecommendRequest.encode(RecommendRequest.fromPartial(request())).finish(),
      );
      const { latencies, reply } = await run({ path: recommendPath, requests }, count);
      assertItems(RecommendResponse.decode(reply!).items.length);
      return latencies.p50;
    },
    /** Milliseconds of a call for so many rows. */
    async full(rows: number): Promise<number> {
      const requests = Array.from({ length: rows }, request);
      const batch = BatchRecommendRequest.fromPartial({ requests });
      const bytes = BatchRecommendRequest.encode(batch).finish();
      const load = { path: batchPath, requests: [bytes], isBatch: true };
      const { latencies, reply } = await run(load, 1);
      for (const { result } of BatchRecommendResponse.decode(reply!).results) {
        if (result?.$case === "status") throw new Error(result.value.message);
        assertItems(result?.value.items.length ?? 0);
      }
      return latencies.p50;
    },
  };
}

function assertAnswered({ calls, codes, messages }: LoadReport, wanted: number): void {
  if (calls === wanted && codes["OK"] === wanted) return;
  throw new Error(`of ${wanted} calls: ${JSON.stringify({ codes, messages })}`);
}

function assertItems(count: number): void {
  if (count !== 10) throw new Error(`an answer has ${count} items where 10 were asked for`);
}
