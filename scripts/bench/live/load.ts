/** Calls of one kind, sent to one address. */
export interface Load {
  readonly address: string;
  readonly path: string;
  /** Encoded, sent in turn. */
  readonly requests: readonly Uint8Array[];
  readonly connections: number;
  /** Default: none, so that the server's applies. */
  readonly deadlineMs?: number;
  readonly pace: ClosedPace | OpenPace;
  /** Replies are BatchRecommendResponses: their rows are counted. */
  readonly isBatch?: boolean;
}

/** Each stream has one call in flight and sends the next when it is answered. */
export interface ClosedPace {
  readonly kind: "closed";
  /** Of all connections together. */
  readonly streams: number;
  /** Absent: until told to stop. */
  readonly forMs?: number;
  /** Of all streams together; absent: as many as there is time for. */
  readonly calls?: number;
}

/** Calls leave at times of their own, whether or not those before are answered. */
export interface OpenPace {
  readonly kind: "open";
  readonly perSecond: number;
  readonly forMs?: number;
}

/** What became of the calls of a load. */
export interface LoadReport {
  readonly calls: number;
  /** How many ended with each status, "OK" among them. */
  readonly codes: Readonly<Record<string, number>>;
  /** The same of the users asked for; one of a single call. */
  readonly rows: Readonly<Record<string, number>>;
  /** The first message of each status but OK. */
  readonly messages: Readonly<Record<string, string>>;
  readonly tookMs: number;
  /** Of the calls that were answered, counted from when they were due. */
  readonly latencies: Percentiles;
  /** From when calls were due to when they left; of a closed loop, none. */
  readonly late: Percentiles;
  /** The last reply, to look at. */
  readonly reply: Uint8Array | undefined;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
