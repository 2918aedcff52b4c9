import { nearest } from "../../proto/nearest.ts";
import { parseLatency, parseRate, parseShare } from "./quantity.ts";
import type { Limit, Scope, ShareMeasure } from "./slo.ts";

/** What a key of slo.yaml takes. */
export interface ObjectiveKind {
  /** `undefined`: the value is not `allowed`. */
  read(text: string): Limit | undefined;
  readonly allowed: string;
  /** Whether it can be told of one arm or backend. */
  readonly ofParts: boolean;
}

const usualPercentiles = ["p50", "p90", "p95", "p99", "p99.9"];

const others: Readonly<Record<string, ObjectiveKind>> = {
  errors: shareKind("errors", { ofParts: false }),
  degraded: shareKind("degraded", { ofParts: true }),
  shed: shareKind("shed", { ofParts: false }),
  sustains: {
    read(text) {
      const perSecond = parseRate(text);
      return perSecond ? { measure: "sustains", perSecond } : undefined;
    },
    allowed: "a rate with its unit: 2000/s",
    ofParts: false,
  },
};

/** Any percentile, "p99.99" too, and the keys above. */
export function objectiveKind(key: string): ObjectiveKind | undefined {
  const quantile = quantileOf(key);
  if (quantile !== undefined) return latencyKind(quantile);
  return Object.hasOwn(others, key) ? others[key] : undefined;
}

/** Why `key` stands at the wrong place, and what was probably meant. */
export function whyNoObjective(key: string, of: Scope): string {
  if (of.kind !== "all" && objectiveKind(key) !== undefined) return whyNotOfPart(key, of.kind);
  // p999 is nearer to p99 by letters, but never means it.
  const squeezed = usualPercentiles.find((name) => name.replace(".", "") === key);
  const known =
    of.kind === "all"
      ? [...usualPercentiles, ...Object.keys(others), "arms", "backends"]
      : [...usualPercentiles, ...Object.keys(others).filter((name) => others[name]!.ofParts)];
  const near = squeezed ?? nearest(key, known);
  const hint = near === undefined ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
  return `"${key}" is no objective; ${hint}`;
}

function whyNotOfPart(key: string, part: string): string {
  if (key === "sustains") return `sustains is of the whole service, not of one ${part}`;
  return `${key} cannot be told per ${part}: a call that failed names none`;
}

function quantileOf(key: string): number | undefined {
  const [, percent] = /^p(\d{1,2}(?:\.\d{1,3})?)$/.exec(key) ?? [];
  if (percent === undefined || Number(percent) === 0) return undefined;
  // 99.9 / 100 is not the number nearest to 0.999.
  return Number((Number(percent) / 100).toPrecision(12));
}

function latencyKind(quantile: number): ObjectiveKind {
  return {
    read(text) {
      const mostMs = parseLatency(text);
      return mostMs === undefined ? undefined : { measure: "latency", quantile, mostMs };
    },
    allowed: "a time with its unit: 25ms, 1.5s, 800us",
    ofParts: true,
  };
}

function shareKind(measure: ShareMeasure, { ofParts }: { ofParts: boolean }): ObjectiveKind {
  return {
    read(text) {
      const most = parseShare(text);
      return most === undefined ? undefined : { measure, most };
    },
    allowed: "a share with its unit, up to 100%: 0.1%",
    ofParts,
  };
}
