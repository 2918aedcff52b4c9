import type { Measured, Passport } from "./passport.ts";

/** How far a variant may be from fp32 and still serve. */
export interface Gate {
  readonly maxHr10Change: number;
  readonly maxNdcg10Change: number;
  readonly minOverlap10: number;
  readonly minTop1: number;
}

export const defaultGate: Gate = {
  maxHr10Change: 0.005,
  maxNdcg10Change: 0.005,
  minOverlap10: 0.96,
  minTop1: 0.94,
};

/** What of a passport the gate judges. */
export type Figures = Pick<Passport, "warm" | "cold">;

/** Every rule that the variant breaks, with the figures; warm and cold users are judged apart. Empty: it may serve. */
export function outsideGate(
  variant: Figures,
  fp32: Figures,
  gate: Gate = defaultGate,
): readonly string[] {
  return [
    ...brokenRules(variant.warm, fp32.warm, gate).map((rule) => `warm users: ${rule}`),
    ...brokenRules(variant.cold, fp32.cold, gate).map((rule) => `cold users: ${rule}`),
  ];
}

function brokenRules(variant: Measured, fp32: Measured, gate: Gate): readonly string[] {
  return [
    ...tooFar("HR@10", [variant.metrics.hr10, fp32.metrics.hr10], gate.maxHr10Change),
    ...tooFar("NDCG@10", [variant.metrics.ndcg10, fp32.metrics.ndcg10], gate.maxNdcg10Change),
    ...tooLow("overlap@10", variant.agreement.overlap10, gate.minOverlap10),
    ...tooLow("same top-1", variant.agreement.top1, gate.minTop1),
  ];
}

/** So that 0.505 against 0.5 is a change of 0.005, whatever its last bits. */
const roundingError = 1e-12;

function tooFar(
  name: string,
  [value, fp32]: readonly [number, number],
  max: number,
): readonly string[] {
  const change = value - fp32;
  if (Math.abs(change) <= max + roundingError) return [];
  const signed = `${change > 0 ? "+" : ""}${change.toFixed(4)}`;
  return [
    `${name} is ${value.toFixed(4)} where fp32 has ${fp32.toFixed(4)}: ${signed}, at most ±${max} is allowed`,
  ];
}

function tooLow(name: string, value: number, min: number): readonly string[] {
  if (value >= min) return [];
  return [`${name} with fp32 is ${value.toFixed(4)}, at least ${min} is needed`];
}
