import { ServingError } from "../../proto/serving-error.ts";
import type { Tensors } from "../tensors.ts";

export interface ExpectedOutputs {
  readonly rows: number;
  /** Results of one row. */
  readonly width: number;
  readonly itemCount: number;
}

/** Throws FAILED_PRECONDITION unless every row has items of the catalogue with finite scores, then only padding. */
export function checkOutputs(outputs: Tensors, expected: ExpectedOutputs): void {
  const { rows, width, itemCount } = expected;
  for (const name of ["ids", "scores"]) {
    const dims = outputs[name]!.dims.join(", ");
    if (dims !== `${rows}, ${width}`)
      throw refusal(`its ${name} have dims [${dims}] where [${rows}, ${width}] were asked for`);
  }
  const ids = outputs["ids"]!.data as Int32Array;
  const scores = outputs["scores"]!.data as Float32Array;
  ids.forEach((id, at) => {
    const row = `row ${Math.floor(at / width)} of a batch of ${rows}`;
    if (id < -1 || id >= itemCount)
      throw refusal(`${row} has item ${id}, and there are ${itemCount}`);
    if (id >= 0 && !Number.isFinite(scores[at]))
      throw refusal(`${row} gives item ${id} the score ${scores[at]}`);
    if (id < 0 && at % width === 0) throw refusal(`${row} has no items at all`);
  });
}

function refusal(problem: string): ServingError {
  return new ServingError(
    "FAILED_PRECONDITION",
    `the graph answers nonsense: ${problem}; check the weights and export the bundle again`,
  );
}
