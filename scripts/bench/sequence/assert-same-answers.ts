import { unhurried } from "../../../models/exporting/graph-runner.ts";
import { ourFeeds, plainFeeds, probeOf } from "./feeds.ts";
import type { BenchModels } from "./models.ts";

const tolerance = 1e-3;

/** Throws unless both are the same model: the scores of what is served are those that the plain export gives these items. */
export async function assertSameAnswers(
  { ours, plain, weights }: BenchModels,
  rows: number,
): Promise<void> {
  const { maxLength, items } = weights;
  const probes = Array.from({ length: rows }, (_, row) =>
    probeOf(row, 1 + ((row * 7) % maxLength), weights),
  );
  const served = await ours.run(ourFeeds(probes, maxLength, weights), unhurried);
  const exported = await plain.run(plainFeeds(probes, maxLength, weights), unhurried);
  const ids = served["ids"]!.data as Int32Array;
  const scores = served["scores"]!.data as Float32Array;
  const logits = exported["logits"]!.data as Float32Array;
  const width = ids.length / rows;
  scores.forEach((score, at) => {
    const row = Math.floor(at / width);
    const same = logits[row * items + ids[at]!]!;
    if (Math.abs(score - same) > tolerance)
      throw new Error(
        `row ${row}: item ${ids[at]} has ${score} where PyTorch's export says ${same}`,
      );
  });
}
