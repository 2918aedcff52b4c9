import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis } from "../../onnx/operators.ts";
import { product, slice } from "./layers.ts";
import type { Masks } from "./masks.ts";

export interface Attention {
  /** [B, L, n] or, of several heads, [B, heads, L, n]; scaled. */
  readonly queries: Value;
  /** [B, n, L] or [B, heads, n, L], up to `end`; all where that is undefined. */
  readonly turnedKeys: (end: Value | undefined) => Value;
  /** As `queries`. */
  readonly values: Value;
  readonly severalHeads: boolean;
  /** n of the queries. */
  readonly headWidth: number;
  readonly masks: Masks;
}

/** What each position gathers from those that it may look at: shaped as `values`. */
export function causalAttention(graph: GraphBuilder, attention: Attention): Value {
  const { queries, turnedKeys, values, severalHeads, headWidth, masks } = attention;
  const axis = severalHeads ? 2 : 1;
  const rank = severalHeads ? 4 : 3;
  const spans = masks.spans();
  const gathered = spans.map(({ start, end, greatestEnd, mask }, i) => {
    // Whole tensors are taken as they are: a slice is a copy.
    const before = i === spans.length - 1 ? undefined : end;
    const asking = spans.length === 1 ? queries : slice(graph, queries, { axis, start, end });
    const scores = graph.node("Add", [
      product(graph, [asking, turnedKeys(before)], { rank, terms: headWidth }),
      severalHeads ? addAxis(graph, mask, 1) : mask,
    ]);
    const seen = upTo(graph, values, { axis, end: before });
    return product(graph, [graph.node("Softmax", [scores]), seen], {
      rank,
      terms: end,
      mostTerms: greatestEnd,
    });
  });
  if (gathered.length === 1) return gathered[0]!;
  return graph.node("Concat", gathered, { attributes: { axis } });
}

/** All of the axis where there is no end. */
export function upTo(
  graph: GraphBuilder,
  value: Value,
  { axis, end }: { readonly axis: number; readonly end: Value | undefined },
): Value {
  if (end === undefined) return value;
  return slice(graph, value, { axis, start: graph.int64([0]), end });
}
