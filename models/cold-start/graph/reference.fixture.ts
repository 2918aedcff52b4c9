import {
  add,
  dot,
  gelu,
  linear,
  relu,
  rowOf,
  type Vector,
} from "../../ranking/graph/reference-layers.fixture.ts";
import type { ColdStartWeights } from "../weights.ts";

export interface Asked {
  /** Item indexes. */
  readonly known: readonly number[];
  /** Of tracks that nobody knows, the grams of both names. */
  readonly fresh: readonly Names[];
}

export interface Names {
  readonly title: readonly number[];
  readonly artist: readonly number[];
}

/** The scores of all items as the network is defined, track by track, in float64. */
export function referenceScores(weights: ColdStartWeights, { known, fresh }: Asked): Vector {
  const { items, dims, itemVectors } = weights;
  const tracks = [
    ...known.map((item) => rowOf(itemVectors, item, dims)),
    ...fresh.map((names) => projected(weights, names)),
  ];
  const mean = tracks.reduce(add, zeros(dims)).map((sum) => sum / tracks.length);
  const inside = linear(weights.headIn, mean).map(activationOf(weights));
  const query = add(mean, linear(weights.headOut, inside));
  return Array.from({ length: items }, (_, item) => dot(query, rowOf(itemVectors, item, dims)));
}

function projected(weights: ColdStartWeights, { title, artist }: Names): Vector {
  const text = [...meanGram(weights, title), ...meanGram(weights, artist)];
  const inside = linear(weights.projectorIn, text).map(activationOf(weights));
  return linear(weights.projectorOut, inside);
}

function meanGram({ gramVectors, text }: ColdStartWeights, grams: readonly number[]): Vector {
  const sum = grams
    .map((gram) => rowOf(gramVectors, gram, text.dims))
    .reduce(add, zeros(text.dims));
  return sum.map((value) => value / Math.max(1, grams.length));
}

function activationOf({ activation }: ColdStartWeights): (value: number) => number {
  return { relu, gelu, none: (value: number) => value }[activation];
}

function zeros(dims: number): Vector {
  return Array.from({ length: dims }, () => 0);
}
