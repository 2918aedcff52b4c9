import type { Probe } from "../../../models/exporting/probe.ts";
import { encodeRows } from "../../../models/sequence/encode-rows.ts";
import type { SequenceWeights } from "../../../models/sequence/weights.ts";
import type { Tensor, Tensors } from "../../../models/tensors.ts";

/** Of somebody with so long a sequence, all over the catalogue. */
export function probeOf(place: number, length: number, weights: SequenceWeights): Probe {
  const { items, users } = weights;
  return {
    user: users === 0 ? -1 : (place * 37) % users,
    history: Int32Array.from({ length }, (_, i) => (place * 101 + i * i * 7) % items),
    next: 0,
  };
}

/** The top 10 of the whole catalogue. */
export function ourFeeds(
  rows: readonly Probe[],
  length: number,
  { items }: SequenceWeights,
): Tensors {
  const encoded = rows.map(({ user, history }) => ({
    user,
    sequence: history,
    candidates: undefined,
    shape: { length, candidates: 0, fetch: Math.min(10, items) },
  }));
  return encodeRows(encoded, { padding: "left", itemCount: items });
}

/** The same in int64. */
export function plainFeeds(
  rows: readonly Probe[],
  length: number,
  weights: SequenceWeights,
): Tensors {
  const { user, sequence } = ourFeeds(rows, length, weights) as Record<string, Tensor>;
  return { sequence: wide(sequence!), ...(weights.users > 0 && { user: wide(user!) }) };
}

function wide({ dims, data }: Tensor): Tensor {
  return { type: "int64", dims, data: BigInt64Array.from(data as Int32Array, BigInt) };
}
