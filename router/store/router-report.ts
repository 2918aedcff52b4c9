/** What one router says of itself, every second and after each change. */
export interface RouterReport {
  /** The same for as long as the router lives, e.g. "router-0:8500". */
  readonly router: string;
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
}

/** Part of a weight that a router leaves to the stable arm until a time. */
export interface Lowered {
  readonly arm: string;
  /** In basis points: at most that. */
  readonly weight: number;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly by: string;
  readonly reason: string;
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
