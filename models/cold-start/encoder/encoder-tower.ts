import { theirs } from "../../importing/embed/embed-body.ts";
import { bodyDomain } from "../../importing/embed/place-body.ts";
import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { addAxis, cast, dropAxis, reduce, sizeOf } from "../../onnx/operators.ts";
import type { DeclareTower } from "../graph/tower.ts";
import type { EncoderEnds, EncoderInput } from "./find-ends.ts";

/** How the vectors of a pair's tokens become one: their mean, or the first one's. */
export const poolings = ["mean", "cls"] as const;
export type Pooling = (typeof poolings)[number];

export interface EncoderTower {
  readonly ends: EncoderEnds;
  readonly pooling: Pooling;
  /** A token that nothing looks at. */
  readonly paddingId: number;
}

/** Follows the tokens of a pair. */
export const tokenPadding = -1;

/** So many tracks go through the encoder at once: enough to keep a processor busy, few enough for memory. */
const tracksAtOnce = 8;

/**
 * What an encoder says of each track. Input, int32: `tokens` [B, U, L], 2 · id + type each, padded with -1; U is at most 8 or a multiple
 * of 8.
 *
 * The encoder runs in a loop, over as many tracks of one row at a time as the lane decides and nothing else: whatever it is, one of
 * dynamic scales too, an answer cannot depend on the batch.
 */
export function encoderTower(tower: EncoderTower): DeclareTower {
  return (graph) => {
    const tokens = graph.input("tokens", "int32", ["batch", "new", "tokens"]);
    const first = dropAxis(
      graph,
      graph.node("Gather", [tokens, graph.int64([0])], { attributes: { axis: 2 } }),
      2,
    );
    return {
      vectors: encodeAll(graph, tokens, tower),
      isTrack: graph.node("Greater", [first, graph.int32(tokenPadding)]),
    };
  };
}

/** float32 [B x U, dims] */
function encodeAll(graph: GraphBuilder, tokens: Value, tower: EncoderTower): Value {
  const { dims } = tower.ends.output;
  const [batch, tracks, length] = [0, 1, 2].map((axis) => sizeOf(graph, tokens, axis));
  // One at least: nothing is divided by it where there is no track.
  const atOnce = graph.node("Max", [
    graph.node("Min", [tracks!, graph.int64([tracksAtOnce])]),
    graph.int64([1]),
  ]);
  const trips = graph.node("Div", [graph.node("Mul", [batch!, tracks!]), atOnce]);
  const parts = graph.node(
    "Reshape",
    [tokens, graph.node("Concat", [trips, atOnce, length!], { attributes: { axis: 0 } })],
    { attributes: { allowzero: 1 } },
  );
  const body = graph.branch("encode", (inner) => {
    const trip = inner.input("trip", "int64", []);
    const goesOn = inner.input("goes_on", "bool", []);
    const part = inner.node("Gather", [parts, trip]);
    const vectors = inner.node("Identity", [encode(inner, part, tower)]);
    inner.output(inner.node("Identity", [goesOn]), "bool", []);
    inner.output(vectors, "float32", ["tracks", dims]);
  });
  const all = graph.node("Loop", [dropAxis(graph, trips, 0), ""], { attributes: { body } });
  return graph.node("Reshape", [all, graph.int64([-1, dims])]);
}

/** float32 [tracks, dims] of int32 [tracks, L] */
function encode(
  graph: GraphBuilder,
  tokens: Value,
  { ends, pooling, paddingId }: EncoderTower,
): Value {
  const isToken = graph.node("Greater", [tokens, graph.int32(tokenPadding)]);
  const known = graph.node("Where", [isToken, tokens, graph.int32(2 * paddingId)]);
  const ids = graph.node("Div", [known, graph.int32(2)]);
  const types = graph.node("Sub", [known, graph.node("Mul", [ids, graph.int32(2)])]);
  const feed = ({ name, type }: EncoderInput, value: Value): Value =>
    graph.node("Identity", [cast(graph, value, type)], { outputs: [theirs(name)] });
  // Without a token there is nothing to look at, which some encoders answer with NaN: let them look at padding.
  const isAbsent = graph.node("Less", [
    graph.node("Gather", [tokens, graph.int64([0])], { attributes: { axis: 1 } }),
    graph.int32(0),
  ]);
  const feeds = [feed(ends.ids, ids), feed(ends.mask, graph.node("Or", [isToken, isAbsent]))];
  if (ends.types !== undefined) feeds.push(feed(ends.types, types));
  const given = graph.node("Body", feeds, {
    domain: bodyDomain,
    outputs: [theirs(ends.output.name)],
  });
  const vectors = cast(graph, given, "float32");
  if (pooling === "cls")
    return graph.node("Gather", [vectors, graph.int64(0)], { attributes: { axis: 1 } });
  const share = cast(graph, isToken, "float32");
  const count = reduce(graph, "ReduceSum", { value: share, axis: 1 });
  const sum = graph.node("MatMul", [addAxis(graph, share, 1), vectors]);
  return graph.node("Div", [dropAxis(graph, sum, 1), graph.node("Max", [count, graph.float32(1)])]);
}
