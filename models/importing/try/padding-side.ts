import type { GraphRunner } from "../../exporting/graph-runner.ts";
import type { PaddingSide } from "../graph/last-position.ts";
import { Random } from "../../random.ts";
import { areClose, numbersAt, tryRows, type TrialRow } from "./body-trial.ts";

/** Which paddings leave an answer as it is without any. */
export interface PaddingEffects {
  readonly left: boolean;
  readonly right: boolean;
}

export interface PaddingTrial {
  /** Items of the catalogue. */
  readonly items: number;
  readonly firstId: number;
  readonly paddingId: number;
  /** To pad to. */
  readonly length: number;
  readonly hasPositions: boolean;
  /** Of what comes out, the numbers to compare: what stands for padding may be anything. Undefined: all. */
  readonly columns: Columns | undefined;
  /** It takes no other length: both sides can only be compared with each other. */
  readonly isFixed: boolean;
}

export interface Columns {
  readonly from: number;
  readonly to: number;
}

const sequences = 6;

/** Runs the same sequences without padding, padded on the left and padded on the right, and compares what comes out for the last item. */
export async function tryPaddings(
  runner: GraphRunner,
  trial: PaddingTrial,
): Promise<PaddingEffects> {
  const random = new Random(17);
  const effects = { left: true, right: true };
  for (let i = 0; i < sequences; i++) {
    const count = 1 + random.below(Math.max(1, trial.length - 1));
    const items = Array.from({ length: count }, () => trial.firstId + random.below(trial.items));
    const [left, right] = await bothSides(runner, items, trial);
    const bare = trial.isFixed ? undefined : await withoutPadding(runner, items, trial);
    effects.left &&= areClose(bare ?? right, left);
    effects.right &&= areClose(bare ?? left, right);
  }
  return effects;
}

/** Undefined: it does not run on so few, whatever it says of itself. */
function withoutPadding(runner: GraphRunner, items: readonly number[], trial: PaddingTrial) {
  const row = padded(items, { ...trial, length: items.length }, "left");
  return answer(runner, row, trial).catch(() => undefined);
}

async function bothSides(runner: GraphRunner, items: readonly number[], trial: PaddingTrial) {
  const left = await answer(runner, padded(items, trial, "left"), trial);
  const right = await answer(runner, padded(items, trial, "right"), trial);
  return [left, right] as const;
}

export function padded(
  items: readonly number[],
  { length, paddingId }: Pick<PaddingTrial, "length" | "paddingId">,
  side: PaddingSide,
): TrialRow {
  const kept = items.slice(-length);
  const padding = Array.from({ length: length - kept.length }, () => paddingId);
  const from = side === "left" ? padding.length : 0;
  const ids = side === "left" ? [...padding, ...kept] : [...kept, ...padding];
  return { ids, from, to: from + kept.length, user: 0 };
}

/** What the body says of the last item of one row. */
export async function answer(
  runner: GraphRunner,
  row: TrialRow,
  { hasPositions, columns }: Pick<PaddingTrial, "hasPositions" | "columns">,
): Promise<Float32Array> {
  const result = await tryRows(runner, [row]);
  const numbers = numbersAt(result, { row: 0, position: row.to - 1, hasPositions });
  return columns === undefined ? numbers : numbers.subarray(columns.from, columns.to);
}
