import type { Histogram } from "./histogram/histogram.ts";

/**
 * What a run found, whole: reports, gates and comparisons read nothing else. What several workers and agents found is
 * joined exactly: histograms are added. `saveResult` makes it a JSON record, `readResult` takes that back.
 */
export interface RunResult {
  readonly name: string;
  /** For people: what was called, where, on which schedule. */
  readonly about: RunSummary;
  readonly startedAtMs: number;
  /** Of the counted part, without what was still in flight at its end. */
  readonly tookMs: number;
  /** Absent: the run is complete. */
  readonly ended?: EarlyEnd;
  /** Why it proves nothing, neither a pass nor a fail; empty: it is valid. */
  readonly invalid: readonly Finding[];
  /** What a reader of the figures should know. */
  readonly warnings: readonly Finding[];
  readonly counts: Counts;
  /** Of calls that ended OK, from when they were to leave; of a closed loop, from when they left. */
  readonly latency: Histogram;
  /** Of calls that ended otherwise, likewise: nothing of a slow failure shows in `latency`. */
  readonly failure: Histogram;
  /** Of calls that ended OK, from when they left. */
  readonly service: Histogram;
  /** How late the generator came to its calls, not counting what waited for a free stream; of a closed loop, empty. */
  readonly lag: Histogram;
  /** Calls by gRPC status name, "OK" among them; HTTP statuses are mapped. */
  readonly codes: Readonly<Record<string, number>>;
  /** The first message of each status but OK. */
  readonly messages: Readonly<Record<string, string>>;
  /** Of batch replies, their results by status name; of other workloads, empty. */
  readonly rows: Readonly<Record<string, number>>;
  readonly arms: Readonly<Record<string, Share>>;
  readonly backends: Readonly<Record<string, Share>>;
  readonly seconds: readonly Second[];
  readonly generator: GeneratorHealth;
}

/** Why a run ended before its schedule did. None of them is ever a pass; "silence" is the target's failure. */
export interface EarlyEnd {
  readonly by: "interrupt" | "silence" | "lost-worker" | "lost-agent";
  /** A sentence for people. */
  readonly because: string;
}

export interface Finding {
  readonly rule: Rule;
  /** A sentence with the figure, what is allowed and what to do. */
  readonly message: string;
}

export type Rule =
  /** Calls left late through the generator's fault. */
  | "lag"
  /** Fewer calls left than the schedule asked for. */
  | "rate"
  /** The event loop of a closed loop was blocked: replies were read late. */
  | "blocked-loop"
  /** Interrupted, or a part of the generators was lost. */
  | "partial"
  /** Nothing was due, or nothing ended. */
  | "empty"
  /** Calls waited for a free stream. */
  | "waited"
  /** The generator had no CPU to spare: a closed loop shows its limit, not the target's. */
  | "busy"
  /** Too few calls for the outer percentiles. */
  | "few-calls"
  /** No call ended OK while warming up. */
  | "warm-up"
  /** Connections failed during the run. */
  | "lost-connections"
  /** Clocks of agents are far apart, or could not be compared well. */
  | "clock";

export interface RunSummary {
  readonly targets: readonly string[];
  readonly workload: string;
  readonly transport: "grpc" | "http";
  /** The gRPC path, or the HTTP method and path. */
  readonly method: string;
  readonly schedule: string;
  readonly loop: "open" | "closed";
  readonly seed: number;
  readonly warmUpMs: number;
  readonly connections: number;
  readonly streamsPerConnection: number;
  /** Threads, of all generators together. */
  readonly workers: number;
  readonly deadlineMs: number;
  /** Of each generator, e.g. "AMD EPYC 7B13, 2 cores, 8 GB, Linux 6.1". */
  readonly machine: string;
  /** E.g. "crossfade 0.1.0, node 20.20.2". */
  readonly versions: string;
}

/** Of calls; `due` is `ok + failed + cancelled + unfinished`, and in an interrupted run what was never sent. */
export interface Counts {
  /** By the schedule, up to where the run ended; of a closed loop, as sent. */
  readonly due: number;
  readonly sent: number;
  readonly ok: number;
  /** All that ended otherwise, but for what the plan cancelled. */
  readonly failed: number;
  /** By the plan; those answered before are OK. */
  readonly cancelled: number;
  /** In flight when the run was interrupted. */
  readonly unfinished: number;
  /** Of the failed, those that ended RESOURCE_EXHAUSTED. */
  readonly shed: number;
  /** Of the failed, those whose connection failed. */
  readonly lost: number;
  /** Of the failed, those that never left, since no stream was free before their deadline. */
  readonly missed: number;
  /** Due when all streams were taken. */
  readonly waited: number;
  /** Answers inside OK replies: one each, of a batch one for each OK result. */
  readonly answers: number;
  /** Of these answers. */
  readonly degraded: number;
  /** Of messages and bodies, without headers and framing. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Per second: due over the time of the schedule; of a closed loop, as achieved. */
  readonly targetRate: number;
  /** Per second: sent over the time that sending took. */
  readonly achievedRate: number;
  /** Per second: ended OK, over the time until the last answer that counted. */
  readonly goodput: number;
}

/** Of answers that one arm or backend gave; of a batch, its results, each with the latency of the call. */
export interface Share {
  readonly answers: number;
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
  /** Answers by arm. */
  readonly arms: Readonly<Record<string, number>>;
}

export interface GeneratorHealth {
  /** Of all threads of all generators, while calls were counted. */
  readonly cpuMs: number;
  /** Without `spunMs`. */
  readonly cpuUsPerCall: number;
  /** Of `cpuMs`, spent looking at the clock until a call was due. */
  readonly spunMs: number;
  /** Of the event loops that sent, the worst worker. */
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** The worst worker's share of time in which its loop was busy, spinning not counted: near 1, it is the limit. */
  readonly busyShare: number;
  /** Time in which workers could have run and the machine gave the processor to others; 0 where it does not say. */
  readonly starvedMs: number;
  readonly lagP99Ms: number;
  /** One for each process that sent. */
  readonly generators: readonly GeneratorInfo[];
}

export interface GeneratorInfo {
  /** "this process", or an agent's address. */
  readonly name: string;
  readonly machine: string;
  /** How far its clock was ahead of the coordinator's, which was corrected for, and by how much that may be wrong. */
  readonly clockAheadMs: number;
  readonly clockErrorMs: number;
}
