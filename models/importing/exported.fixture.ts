import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { decodeModel } from "../onnx/decode/decode-model.ts";
import { tensorFloats } from "../onnx/decode/tensor-data.ts";
import { Random } from "../random.ts";
import type { Said } from "./plan.ts";

/** Files that other people's code could have written: `fixtures/make_fixtures.py` did. */
export function fixturePath(name: string): string {
  return new URL(`./fixtures/${name}`, import.meta.url).pathname;
}

export const itemCount = 40;
export const longest = 12;

/** What the file itself says of a sequence of item indexes, fed by hand as its author would, without anything of ours. */
export type AskFile = (
  session: ort.InferenceSession,
  sequence: readonly number[],
  user?: number,
) => Promise<Float32Array>;

export interface Exported {
  readonly name: string;
  /** What has to be said to import it. */
  readonly said: Said;
  readonly ask: AskFile;
}

const int64 = (values: readonly number[], dims: readonly number[]) =>
  new ort.Tensor("int64", BigInt64Array.from(values, BigInt), dims);
const paddedLeft = (ids: readonly number[]) => [
  ...Array.from({ length: longest - ids.length }, () => 0),
  ...ids,
];
const paddedRight = (ids: readonly number[], padding: number) => [
  ...ids,
  ...Array.from({ length: longest - ids.length }, () => padding),
];
const fromOne = (sequence: readonly number[]) => sequence.map((item) => item + 1);
const floats = (tensor: ort.Tensor | undefined) => tensor!.data as Float32Array;

export const exported: readonly Exported[] = [
  {
    name: "full-logits",
    said: { padding: "left" },
    async ask(session, sequence) {
      const ids = paddedLeft(fromOne(sequence));
      const { logits } = await session.run({ log_seqs: int64(ids, [1, longest]) });
      return floats(logits).slice(-itemCount);
    },
  },
  {
    name: "last-hidden",
    said: { maxLength: 16 },
    async ask(session, sequence) {
      const ids = new ort.Tensor("int32", Int32Array.from(sequence), [1, sequence.length]);
      const hidden = floats((await session.run({ sequence: ids }))["h"]);
      const { graph } = decodeModel(await readFile(fixturePath("last-hidden.onnx")));
      const table = graph.initializers.find(({ name }) => name === "items.weight")!;
      const vectors = tensorFloats(table, () => "");
      return Float32Array.from({ length: itemCount }, (_, item) =>
        hidden.reduce((sum, value, dim) => sum + value * vectors[item * hidden.length + dim]!, 0),
      );
    },
  },
  {
    name: "gru-gemm",
    said: { maxLength: 32 },
    async ask(session, sequence) {
      const feeds = {
        item_seq: int64(fromOne(sequence), [1, sequence.length]),
        item_seq_len: int64([sequence.length], [1]),
      };
      return floats((await session.run(feeds))["scores"]).slice(1);
    },
  },
  {
    name: "fixed-length-mask",
    said: { padding: "right" },
    async ask(session, sequence) {
      const feeds = {
        input_ids: int64(paddedRight(sequence, 0), [1, longest]),
        attention_mask: int64(
          paddedRight(
            sequence.map(() => 1),
            0,
          ),
          [1, longest],
        ),
      };
      const logits = floats((await session.run(feeds))["logits"]);
      return logits.slice((sequence.length - 1) * itemCount, sequence.length * itemCount);
    },
  },
  {
    name: "already-ranked",
    said: {},
    async ask(session, sequence) {
      const ids = int64(paddedLeft(fromOne(sequence)), [1, longest]);
      const found = await session.run({ sequence: ids });
      const scores = new Float32Array(itemCount).fill(-Infinity);
      const best = found["ids"]!.data as BigInt64Array;
      best.forEach((id, rank) => (scores[Number(id) - 1] = floats(found["scores"])[rank]!));
      return scores;
    },
  },
  {
    name: "one-sequence",
    said: {},
    async ask(session, sequence) {
      const ids = int64(paddedLeft(fromOne(sequence)), [longest]);
      return floats((await session.run({ sequence: ids }))["probabilities"]);
    },
  },
  {
    name: "user-average",
    said: { maxLength: 16 },
    async ask(session, sequence, user = 0) {
      const feeds = {
        user_id: int64([user], [1]),
        item_seq: int64(fromOne(sequence), [1, sequence.length]),
      };
      return floats((await session.run(feeds))["scores"]);
    },
  },
];

const random = new Random(11);

/** Sequences of item indexes, of all lengths. */
export const sequences = Array.from({ length: 24 }, (_, i) =>
  Array.from({ length: 1 + (i % longest) }, () => random.below(itemCount)),
);
