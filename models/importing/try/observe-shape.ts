import type { GraphRunner } from "../../exporting/graph-runner.ts";
import type { ServingPlan } from "../graph/serving-graph.ts";
import type { BodyInputs } from "../inspect/find-inputs.ts";
import { tryRows, type TrialRow } from "./body-trial.ts";

export interface ObservedShape {
  readonly shape: ServingPlan["shape"];
  readonly width: number;
  /** It runs on one row, and not on several: exporters freeze the batch of their example into some operators. */
  readonly isAlone: boolean;
}

/** Runs the body once and looks at what comes out: exporters seldom write it down. */
export async function observeShape(
  runner: GraphRunner,
  { sequence }: BodyInputs,
  output: string,
): Promise<ObservedShape> {
  const length = sequence.length ?? 5;
  const row = { ids: Array.from({ length }, () => 1), from: 0, to: length, user: 0 };
  const some = Array.from({ length: sequence.batch ?? 3 }, () => row);
  const several = await tryRows(runner, some).catch(() => undefined);
  const { dims } = several ?? (await alone(runner, row, some.length));
  const rows = several === undefined ? 1 : some.length;
  const width = dims.at(-1) ?? 1;
  const isBatched = sequence.rank === 2;
  const known: readonly (readonly [ServingPlan["shape"], readonly number[], boolean])[] = [
    ["[batch, length, width]", [rows, length, width], isBatched],
    ["[batch, width]", [rows, width], isBatched],
    ["[length, width]", [length, width], !isBatched],
    ["[width]", [width], !isBatched],
  ];
  const found = known.find(([, expected, fits]) => fits && String(expected) === String(dims));
  if (found !== undefined) return { shape: found[0], width, isAlone: several === undefined };
  const asked = isBatched ? `${rows} sequences of ${length} ids` : `a sequence of ${length} ids`;
  throw new Error(
    `its output ${output} came out as [${dims.join(", ")}] for ${asked}; it must be ${isBatched ? "[batch, width] or [batch, length, width]" : "[width] or [length, width]"}: export the scores of the next item, or of every position`,
  );
}

async function alone(runner: GraphRunner, row: TrialRow, rows: number) {
  try {
    return await tryRows(runner, [row]);
  } catch (cause) {
    const several = rows > 1 ? ` nor on ${rows} of them` : "";
    throw new Error(
      `it does not run on a sequence of ${row.ids.length} ids${several}: ${(cause as Error).message}. Exporters freeze sizes of their example into some operators (Reshape above all): export with dynamo=True, or with an example of one sequence as long as the longest, and without dynamic_axes`,
      { cause },
    );
  }
}
