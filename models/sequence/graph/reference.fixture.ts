import { widthOf } from "../shape.ts";
import type { Affine } from "../../ranking/affine.ts";
import {
  add,
  dot,
  gelu,
  linear,
  relu,
  rowOf,
  type Vector,
} from "../../ranking/graph/reference-layers.fixture.ts";
import type { BlockWeights, SequenceWeights } from "../weights.ts";

export interface Asked {
  /** -1: the mean of all. */
  readonly user: number;
  /** Not longer than maxLength. */
  readonly sequence: readonly number[];
}

/** The scores of all items as the network is defined, position by position and head by head, in float64. */
export function referenceScores(weights: SequenceWeights, { user, sequence }: Asked): Vector {
  const { embeddingScale, maxLength, positions, itemDims, items } = weights;
  const width = widthOf(weights);
  const userVector =
    user < 0 ? meanUser(weights) : rowOf(weights.userVectors, user, weights.userDims);
  let states = sequence.map((item, at) => {
    const place = rowOf(positions, maxLength - sequence.length + at, width);
    const embedded = [...rowOf(weights.itemVectors, item, itemDims), ...userVector];
    return embedded.map((value, dim) => value * embeddingScale + place[dim]!);
  });
  for (const layer of weights.layers) states = block(weights, layer, states);
  const last = norm(weights, weights.finalNorm, states.at(-1)!).slice(0, itemDims);
  return Array.from({ length: items }, (_, item) =>
    dot(last, rowOf(weights.itemVectors, item, itemDims)),
  );
}

function block(weights: SequenceWeights, layer: BlockWeights, states: readonly Vector[]): Vector[] {
  const seen = states.map((state) => norm(weights, layer.attentionNorm, state));
  const queries = seen.map((state) => linear(layer.query, state));
  const keys = seen.map((state) => linear(layer.key, state));
  const values = seen.map((state) => linear(layer.value, state));
  return states.map((state, at) => {
    const attended = attend(weights.heads, queries[at]!, {
      keys: keys.slice(0, at + 1),
      values: values.slice(0, at + 1),
    });
    const after = add(state, linear(layer.output, attended));
    const inside = linear(layer.feedIn, norm(weights, layer.feedNorm, after));
    const active = inside.map(weights.activation === "relu" ? relu : gelu);
    return add(after, linear(layer.feedOut, active));
  });
}

function attend(
  heads: number,
  query: Vector,
  { keys, values }: { readonly keys: readonly Vector[]; readonly values: readonly Vector[] },
): Vector {
  const headWidth = query.length / heads;
  return Array.from({ length: heads }, (_, head) => {
    const cut = (vector: Vector) => vector.slice(head * headWidth, (head + 1) * headWidth);
    const scores = keys.map((key) => dot(cut(query), cut(key)) / Math.sqrt(headWidth));
    const largest = Math.max(...scores);
    const exps = scores.map((score) => Math.exp(score - largest));
    const sum = exps.reduce((a, b) => a + b, 0);
    const zero: Vector = Array.from({ length: headWidth }, () => 0);
    return values.reduce(
      (total, value, at) =>
        add(
          total,
          cut(value).map((part) => (part * exps[at]!) / sum),
        ),
      zero,
    );
  }).flat();
}

function meanUser({ userVectors, users, userDims }: SequenceWeights): Vector {
  const rows = Array.from({ length: users }, (_, user) => rowOf(userVectors, user, userDims));
  return Array.from({ length: userDims }, (_, dim) =>
    rows.reduce((sum, row) => sum + row[dim]! / users, 0),
  );
}

function norm(
  { layerNormEpsilon }: SequenceWeights,
  { weight, bias }: Affine,
  state: Vector,
): Vector {
  const mean = state.reduce((a, b) => a + b, 0) / state.length;
  const variance = state.reduce((sum, value) => sum + (value - mean) ** 2, 0) / state.length;
  const deviation = Math.sqrt(variance + layerNormEpsilon);
  return state.map((value, dim) => ((value - mean) / deviation) * weight[dim]! + bias[dim]!);
}
