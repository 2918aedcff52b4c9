import type { Schedule } from "./schedule.ts";
import type { Workload } from "./workload.ts";

/** One run of the harness. A plain record: workers and agents get a part of it each. */
export interface RunPlan {
  readonly name: string;
  /** Connections are dealt to them in turn. E.g. "127.0.0.1:8500", "unix:/run/crossfade.sock". */
  readonly targets: readonly string[];
  /** PEM texts; absent: plain text. */
  readonly tls?: TargetTls;
  readonly workload: Workload;
  readonly schedule: Schedule;
  /** Of the schedule's chance, and of which calls are cancelled. */
  readonly seed: number;
  /** The same load before anything is counted. */
  readonly warmUpMs: number;
  /** Of all workers together, who have as many each, or one more. */
  readonly connections: number;
  /** Most calls in flight on one connection; what is due beyond that waits, and its waiting counts. HTTP: 1. */
  readonly streamsPerConnection: number;
  /** From when a call is to leave, at most 60,000: what takes longer ends with DEADLINE_EXCEEDED. */
  readonly deadlineMs: number;
  /** Of 10,000 calls, how many are cancelled, and how long after they left. */
  readonly cancels?: { readonly basisPoints: number; readonly afterMs: number };
  /** Threads, each with an event loop and connections of its own. */
  readonly workers: number;
  /** Milliseconds since 1970 at which counting starts, together with others; absent: as soon as warm. */
  readonly startAtMs?: number;
  /** The run ends early when nothing was answered for so long. Default 10,000. */
  readonly maxSilenceMs?: number;
  /**
   * How long before a call is due a worker stops sleeping and looks at the clock without pause, since timers are a
   * millisecond or two late. Costs up to `spinMs * rate` of a core per worker; 0 costs nothing and lets calls leave up
   * to 2 ms late. Default 2.
   */
  readonly spinMs?: number;
}

export interface TargetTls {
  readonly serverAuthority: string;
  readonly certificate?: string;
  readonly key?: string;
}
