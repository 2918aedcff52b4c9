import type { Lowered } from "../lowered-distribution.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** What one router says of itself, every second and after each change. */
export interface RouterReport {
  /** The same for as long as the router lives, e.g. "router-0:8500". */
  readonly router: string;
  /** Tells routers of one name apart: another one for each process. Absent: an older build's. */
  readonly instance?: string;
  /** For how long this process has had its part in the store, by a clock that nobody sets. */
  readonly aliveMs?: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly models: Readonly<Record<string, ModelReport>>;
}

export interface ModelReport {
  /** That it routes by. 0: it has no distribution. */
  readonly revision: number;
  readonly appliedAtMs: number;
  /** Somebody lowered an arm on this router alone. */
  readonly lowered?: Lowered;
  /** Since the revision was applied. */
  readonly observed: Observed;
  /** By arm: what changes of weights are judged by. */
  readonly load: Readonly<Record<string, ArmLoad>>;
  /** What it routes by, told when the store holds less than that: what `adopt` writes back. */
  readonly rollout?: Rollout;
}

export interface ArmLoad {
  /** Of the last minute, or of how long the revision has been applied. */
  readonly rowsPerSecond: number;
  /** Predicted, of one row, as of now. Absent: nothing that is ready holds the arm's version. */
  readonly costMs?: number;
}

/** What was seen of queries that had a user and went by bucket. */
export interface Observed {
  readonly arms: Readonly<Record<string, ObservedArm>>;
  /** Queries whose user's bucket belongs to another arm by the document that was in force. Anything but 0 is a bug. */
  readonly contradictions: number;
}

export interface ObservedArm {
  readonly rows: number;
  /** A sketch of the distinct users, in base64; those of several routers can be joined. */
  readonly users: string;
}
