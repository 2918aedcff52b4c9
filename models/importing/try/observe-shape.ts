import type { GraphRunner } from "../../exporting/graph-runner.ts";
import type { ServingPlan } from "../graph/serving-graph.ts";
import type { BodyInputs } from "../inspect/find-inputs.ts";
import { tryRows } from "./body-trial.ts";

export interface ObservedShape {
  readonly shape: ServingPlan["shape"];
  readonly width: number;
}

/** Runs the body once and looks at what comes out: exporters seldom write it down. */
export async function observeShape(
  runner: GraphRunner,
  { sequence }: BodyInputs,
  output: string,
): Promise<ObservedShape> {
  const rows = sequence.batch ?? 3;
  const length = sequence.length ?? 5;
  const row = { ids: Array.from({ length }, () => 1), from: 0, to: length, user: 0 };
  const { dims } = await run(
    runner,
    Array.from({ length: rows }, () => row),
  );
  const width = dims.at(-1) ?? 1;
  const isBatched = sequence.rank === 2;
  const known: readonly (readonly [ServingPlan["shape"], readonly number[], boolean])[] = [
    ["[batch, length, width]", [rows, length, width], isBatched],
    ["[batch, width]", [rows, width], isBatched],
    ["[length, width]", [length, width], !isBatched],
    ["[width]", [width], !isBatched],
  ];
  const found = known.find(([, expected, fits]) => fits && String(expected) === String(dims));
  if (found !== undefined) return { shape: found[0], width };
  const asked = isBatched ? `${rows} sequences of ${length} ids` : `a sequence of ${length} ids`;
  throw new Error(
    `its output ${output} came out as [${dims.join(", ")}] for ${asked}; it must be ${isBatched ? "[batch, width] or [batch, length, width]" : "[width] or [length, width]"}: export the scores of the next item, or of every position`,
  );
}

async function run(runner: GraphRunner, rows: Parameters<typeof tryRows>[1]) {
  try {
    return await tryRows(runner, rows);
  } catch (cause) {
    const length = rows[0]!.ids.length;
    throw new Error(
      `it does not run on ${rows.length} sequences of ${length} ids: ${(cause as Error).message}; does it run in Python as it is? If its length or batch is fixed, export it with these sizes written down`,
      { cause },
    );
  }
}
