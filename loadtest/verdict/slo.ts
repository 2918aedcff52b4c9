/** What a run must meet. */
export interface Slo {
  readonly objectives: readonly Objective[];
}

export interface Objective {
  /** Which calls it speaks of. */
  readonly of: Scope;
  readonly limit: Limit;
  /** "slo.yaml:4"; absent: nobody wrote it, it follows from the others. */
  readonly where?: string;
}

export type Scope =
  | { readonly kind: "all" }
  /** Calls that this arm or backend answered. */
  | { readonly kind: "arm" | "backend"; readonly name: string };

/** Times are milliseconds, shares are of 1. */
export type Limit =
  /** Of answered calls: at most this share of them is slower. */
  | { readonly measure: "latency"; readonly quantile: number; readonly mostMs: number }
  | { readonly measure: ShareMeasure; readonly most: number }
  /** The rate at which all other objectives must still hold. */
  | { readonly measure: "sustains"; readonly perSecond: number };

export type ShareMeasure = "errors" | "degraded" | "shed";

/** "p99.9" of 0.999. */
export function percentileName(quantile: number): string {
  return `p${Number((100 * quantile).toPrecision(12))}`;
}

export function scopeName(scope: Scope): string {
  return scope.kind === "all" ? "" : `${scope.kind} ${scope.name}`;
}

/** "p99", or "arm canary: degraded". */
export function objectiveName({ of, limit }: Objective): string {
  const measure = limit.measure === "latency" ? percentileName(limit.quantile) : limit.measure;
  return of.kind === "all" ? measure : `${scopeName(of)}: ${measure}`;
}
