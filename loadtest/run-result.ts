import type { Histogram } from "./histogram/histogram.ts";

/** What a run found, whole: reports, gates and comparisons read nothing else. Parts of several workers are joined. */
export interface RunResult {
  readonly name: string;
  /** For people: what was called, where, on which schedule. */
  readonly about: RunSummary;
  readonly startedAtMs: number;
  readonly tookMs: number;
  /** "partial": it was interrupted, or what it called died. */
  readonly ended: "complete" | "partial";
  /** Why it was interrupted. */
  readonly endedBecause?: string;
  /** Why it proves nothing; empty: it is valid. */
  readonly invalid: readonly string[];
  readonly counts: Counts;
  /** Of answered calls, from when they were to leave; of a closed loop, from when they left. */
  readonly latency: Histogram;
  /** Of answered calls, from when they left. */
  readonly service: Histogram;
  /** How late calls left; of a closed loop, empty. */
  readonly lag: Histogram;
  /** By gRPC status name, "OK" among them; HTTP statuses are mapped. */
  readonly codes: Readonly<Record<string, number>>;
  /** The first message of each status but OK. */
  readonly messages: Readonly<Record<string, string>>;
  readonly arms: Readonly<Record<string, Share>>;
  readonly backends: Readonly<Record<string, Share>>;
  readonly seconds: readonly Second[];
  readonly generator: GeneratorHealth;
}

export interface RunSummary {
  readonly targets: readonly string[];
  readonly workload: string;
  readonly method: string;
  readonly schedule: string;
  readonly loop: "open" | "closed";
  readonly connections: number;
  readonly workers: number;
  readonly deadlineMs: number;
  readonly machine: string;
  readonly versions: string;
}

export interface Counts {
  /** By the schedule; of a closed loop, as sent. */
  readonly due: number;
  readonly sent: number;
  readonly ok: number;
  readonly degraded: number;
  /** RESOURCE_EXHAUSTED. */
  readonly shed: number;
  readonly cancelled: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Per second, over the time in which calls were due. */
  readonly targetRate: number;
  readonly achievedRate: number;
}

/** Of calls that one arm or backend answered. */
export interface Share {
  readonly calls: number;
  readonly degraded: number;
  readonly latency: Histogram;
}

/** One second of the run, by when calls were to leave. */
export interface Second {
  readonly due: number;
  readonly ok: number;
  readonly failed: number;
  readonly latency: Histogram;
  /** The largest, in ms. */
  readonly lagMs: number;
}

export interface GeneratorHealth {
  readonly cpuMs: number;
  readonly cpuUsPerCall: number;
  /** Of the event loops that sent, 99th percentile, the worst worker. */
  readonly loopDelayP99Ms: number;
  readonly lagP99Ms: number;
}
