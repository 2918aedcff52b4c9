import type { EvalResult } from "../result.ts";
import { isMet, type Gate } from "./gate.ts";
import { gateFigures } from "./gate-figures.ts";

export interface JudgedGate {
  readonly gate: string;
  /** Whose figure it is. */
  readonly who: string;
  readonly value: number;
  readonly isMet: boolean;
}

/** A gate on what is compared is one on each that is compared. */
export function judgeGates(gates: readonly Gate[], result: EvalResult): readonly JudgedGate[] {
  const figures = gateFigures(result);
  return gates.flatMap((gate) => {
    const named = figures.filter(({ figure }) => figure === gate.figure);
    const part = gate.part ?? named[0]?.part;
    const own = named.filter((one) => one.part === part);
    // What is not there, as where there are no cells, is not met.
    const all = own.length > 0 ? own : [{ who: result.sides[0]!.name, value: Number.NaN }];
    return all.map(({ who, value }) => ({
      gate: gate.text,
      who,
      value,
      isMet: isMet(gate, value),
    }));
  });
}
