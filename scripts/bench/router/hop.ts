import type { Generator } from "../live/generator.ts";
import { cpuTimes } from "../live/process-figures.ts";
import { RecommendRequest } from "../../../proto/gen/crossfade/v1/recommender.ts";
import { model } from "../../chaos/documents.ts";
import { recommendPath } from "../live/requests.ts";

/** A way to the same server. */
export interface Hop {
  readonly name: string;
  readonly address: string;
  /** Undefined where there is nothing between. */
  readonly pid: number | undefined;
}

export interface HopFigures {
  /** Of the process between, per call. */
  readonly hopUs: number;
  /** Of the server, per call. */
  readonly upstreamUs: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of a call that is alone: what the hop adds where nothing waits for a core. */
  readonly aloneMs: number;
  readonly failures: readonly string[];
}

export interface HopMeasuring {
  readonly generator: Generator;
  readonly upstreamPid: number;
  readonly forMs: number;
}

const connections = 4;
const streams = 64;
/** Of the time, for calls one by one. */
const aloneShare = 0.3;
const requests = Array.from({ length: 1_000 }, (_, i) => {
  const fields = RecommendRequest.fromPartial({ model, userId: `l${i}`, topK: 10 });
  return RecommendRequest.encode(fields).finish();
});

export async function measureHop(
  { address, pid }: Hop,
  { generator, upstreamPid, forMs }: HopMeasuring,
): Promise<HopFigures> {
  const before = { hop: cpuMs(pid), upstream: cpuMs(upstreamPid) };
  const pace = { kind: "closed", streams, forMs } as const;
  const load = { address, path: recommendPath, requests, connections };
  const [report] = await generator.run({ ...load, pace });
  const { calls, tookMs, latencies, codes, messages } = report!;
  const spentMs = { hop: cpuMs(pid) - before.hop, upstream: cpuMs(upstreamPid) - before.upstream };
  const slow = { kind: "closed", streams: 1, forMs: aloneShare * forMs } as const;
  const [alone] = await generator.run({ ...load, connections: 1, pace: slow });
  return {
    aloneMs: alone!.latencies.p50,
    hopUs: (1_000 * spentMs.hop) / calls,
    upstreamUs: (1_000 * spentMs.upstream) / calls,
    perSecond: (1_000 * calls) / tookMs,
    p50Ms: latencies.p50,
    p99Ms: latencies.p99,
    failures: Object.entries(messages).map(([code, why]) => `${codes[code]} ${code}: ${why}`),
  };
}

export function medianHop(
  rounds: readonly HopFigures[],
  median: (values: readonly number[]) => number,
): HopFigures {
  const of = (pick: (round: HopFigures) => number) => median(rounds.map(pick));
  return {
    hopUs: of(({ hopUs }) => hopUs),
    upstreamUs: of(({ upstreamUs }) => upstreamUs),
    perSecond: of(({ perSecond }) => perSecond),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    aloneMs: of(({ aloneMs }) => aloneMs),
    failures: rounds.flatMap(({ failures }) => failures),
  };
}

function cpuMs(pid: number | undefined): number {
  return pid === undefined ? 0 : cpuTimes(pid).allMs;
}
