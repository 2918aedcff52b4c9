import type { Family, Row, ServedBy } from "../models/family.ts";
import type { Tensors } from "../models/tensors.ts";
import { RecommendRequest, RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";

interface ToyRow extends Row {
  readonly user: string;
}

/**
 * The smallest family, for tests: the reply is one item, the user, whose score is one more than twice the sum of the
 * user's characters. `top_k` chooses the lane; a request without a user needs no run.
 */
export function createToyFamily(maxBatch = 8): Family {
  return {
    graph: {
      inputs: [{ name: "sums", type: "int32", dims: [-1] }],
      outputs: [{ name: "scores", type: "float32", dims: [-1] }],
    },
    read,
    maxBatch: () => maxBatch,
    encode: (rows) => encode(rows as readonly ToyRow[]),
    reply: (row, by, result) =>
      encodeReply(row as ToyRow, by, result?.outputs["scores"]?.data[result.index]),
    warmUp: () =>
      [...new Set([1, maxBatch])].map((rows) => {
        const users = Array.from({ length: rows }, () => ({ user: "ann" }));
        return { lane: laneOf(10), rows, feeds: encode(users) };
      }),
    checkOutputs() {},
  };
}

function encode(rows: readonly Pick<ToyRow, "user">[]): Tensors {
  const data = Int32Array.from(rows, ({ user }) => sumOf(user));
  return { sums: { type: "int32", dims: [rows.length], data } };
}

/** What the family's graph computes. */
export function computeToy(feeds: Tensors): Tensors {
  const { dims, data } = feeds["sums"]!;
  const scores = Float32Array.from(data as Int32Array, (sum) => 2 * sum + 1);
  return { scores: { type: "float32", dims, data: scores } };
}

export function toyRequest(user: string, topK = 10): Uint8Array {
  const request = RecommendRequest.fromPartial({ model: "toy", userId: user, topK });
  return RecommendRequest.encode(request).finish();
}

function read(bytes: Uint8Array): ToyRow | ServingError {
  try {
    const { userId: user, topK } = RecommendRequest.decode(bytes);
    return {
      user,
      lane: laneOf(topK ?? 10),
      needsRun: user !== "",
      coldStart: user === "",
      unknownCount: 0,
    };
  } catch (cause) {
    return new ServingError("INVALID_ARGUMENT", "not a RecommendRequest", { cause });
  }
}

function laneOf(topK: number): string {
  return `top ${topK}`;
}

function encodeReply(
  { user, coldStart }: ToyRow,
  by: ServedBy,
  score: number | bigint = 0,
): Uint8Array {
  const response = RecommendResponse.fromPartial({
    items: [{ id: user, score: Number(score) }],
    served: { model: by.model, modelVersion: by.version, backend: by.backend, coldStart },
  });
  return RecommendResponse.encode(response).finish();
}

function sumOf(text: string): number {
  let sum = 0;
  for (const byte of Buffer.from(text)) sum += byte;
  return sum;
}
