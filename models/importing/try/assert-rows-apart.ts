import type { DecodedGraph } from "../../onnx/decode/model.ts";
import type { Independence } from "./batch-independence.ts";

/** Rows that lie further apart than this, as a share of the largest score, are not the order in which kernels add. */
const mostRounding = 1e-3;

/** Throws an Error where rows of a batch read each other. Numbers of few bits may move with the largest of a batch: such rows are told, not refused. */
export function assertRowsApart({ differing, furthest }: Independence, graph: DecodedGraph): void {
  if (differing === 0 || furthest <= mostRounding || isCoarse(graph)) return;
  throw new Error(
    `rows of a batch change each other's answers: scores are up to ${(100 * furthest).toPrecision(2)}% of the largest apart from those of the same rows alone, which no rounding is. Its input may be [length, batch]: export it batch first; or it was exported while training: call model.eval() first`,
  );
}

const float16 = 10;
const bfloat16 = 16;

/** It computes in half precision, or finds its scales in the batch as it comes. */
function isCoarse({ nodes, initializers }: DecodedGraph): boolean {
  return (
    initializers.some(({ typeCode }) => typeCode === float16 || typeCode === bfloat16) ||
    nodes.some(({ op }) => op.startsWith("DynamicQuantize"))
  );
}
