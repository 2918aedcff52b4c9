import type { Schedule } from "./schedule.ts";
import type { Workload } from "./workload.ts";

/** One run of the harness. A plain record: workers and agents get a part of it each. */
export interface RunPlan {
  readonly name: string;
  /** Calls are dealt to them in turn. E.g. "127.0.0.1:8500". */
  readonly targets: readonly string[];
  /** PEM texts; absent: plain text. */
  readonly tls?: TargetTls;
  readonly workload: Workload;
  readonly schedule: Schedule;
  /** The same load before anything is counted. */
  readonly warmUpMs: number;
  /** Of all workers together. */
  readonly connections: number;
  /** Most calls in flight on one connection; what is due beyond that waits, and its waiting counts. */
  readonly streamsPerConnection: number;
  readonly deadlineMs: number;
  /** Of 10,000 calls, how many are cancelled, and how long after they left. */
  readonly cancels?: { readonly basisPoints: number; readonly afterMs: number };
  /** Threads. */
  readonly workers: number;
  /** Milliseconds since 1970 at which to start together with others; absent: at once. */
  readonly startAtMs?: number;
}

export interface TargetTls {
  readonly serverAuthority: string;
  readonly certificate?: string;
  readonly key?: string;
}
