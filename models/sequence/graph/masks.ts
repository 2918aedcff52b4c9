import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast } from "../../onnx/operators.ts";
import type { SequenceShape } from "../shape.ts";
import type { BodyType } from "../../ranking/graph/body-weights.ts";
import { edgesOf, slice } from "./layers.ts";

/** Consecutive positions that ask together, int64 [1] each: the first, and the one behind the last. */
export interface Span {
  readonly start: Value;
  readonly end: Value;
  /** That `end` can be. */
  readonly greatestEnd: number;
}

/** What positions may look at, as numbers to add to scores. */
export interface Masks {
  /** [B, 1, L]: the last position sees everything but padding. */
  readonly ofLast: Value;
  /** For each span [B, its positions, its end]: nobody sees what comes later, and behind the span there is nothing else. */
  spans(): readonly MaskedSpan[];
}

export interface MaskedSpan extends Span {
  readonly mask: Value;
}

export interface MaskOptions {
  readonly shape: SequenceShape;
  readonly type: BodyType;
  /** int32 [B, L] */
  readonly sequence: Value;
  /** L, int64 [1] */
  readonly length: Value;
}

/** Far below every score, and finite: a position without any other to look at must not divide zero by zero. */
const unseen = { float32: -1e30, float16: -3e4 };

/**
 * Half of all pairs of positions are of no use. In quarters 5 of 8 pairs are computed instead of all; more spans would save little
 * more. Short sequences have nothing to save.
 */
const spanCount = 4;
const shortest = 32;

export function masksOf(graph: GraphBuilder, options: MaskOptions): Masks {
  const { shape, type, sequence } = options;
  const mask = (isUnseen: Value) =>
    cast(
      graph,
      graph.node("Where", [isUnseen, graph.float32(unseen[type]), graph.float32(0)]),
      type,
    );
  const ofLast = addAxis(graph, mask(graph.node("Equal", [sequence, graph.int32(shape.items)])), 1);
  let spans: readonly MaskedSpan[] | undefined;
  return { ofLast, spans: () => (spans ??= maskedSpans(graph, options, { ofLast, mask })) };
}

interface Making {
  readonly ofLast: Value;
  /** From bool to what is added. */
  readonly mask: (isUnseen: Value) => Value;
}

function maskedSpans(
  graph: GraphBuilder,
  { shape, length }: MaskOptions,
  { ofLast, mask }: Making,
): readonly MaskedSpan[] {
  const start = graph.int64([0]);
  const places = graph.int32(Array.from({ length: shape.maxLength }, (_, place) => place));
  const maskOf = ({ start: first, end }: Span) => {
    const asking = addAxis(graph, slice(graph, places, { axis: 0, start: first, end }), 1);
    const asked = addAxis(graph, slice(graph, places, { axis: 0, start, end }), 0);
    const isThere = slice(graph, ofLast, { axis: 2, start, end });
    return graph.node("Min", [mask(graph.node("Greater", [asked, asking])), isThere]);
  };
  return spansOf(graph, shape, length).map((span) => ({ ...span, mask: maskOf(span) }));
}

function spansOf(graph: GraphBuilder, { maxLength }: SequenceShape, length: Value): Span[] {
  const count = maxLength < shortest ? 1 : spanCount;
  const edges = edgesOf(graph, length, count);
  return Array.from({ length: count }, (_, i) => ({
    start: edges[i]!,
    end: edges[i + 1]!,
    greatestEnd: Math.ceil((maxLength * (i + 1)) / count),
  }));
}
