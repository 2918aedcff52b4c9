import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import { Random } from "../../models/random.ts";
import type { GraphRunner } from "../../models/exporting/graph-runner.ts";
import { createPartsFolder } from "../../models/exporting/parts-folder.ts";
import { quantizedForms } from "../../models/exporting/quantized-form.ts";
import { writeQuantized } from "../../models/two-tower/export/write-quantized.ts";
import { writeShared } from "../../models/two-tower/export/write-shared.ts";
import { twoTowerGraph } from "../../models/two-tower/graph/two-tower-graph.ts";
import { openRunner } from "../../models/onnx/ort-runner.fixture.ts";
import { randomWeights } from "../../models/two-tower/random-weights.ts";
import type { RandomWeightsOptions } from "../../models/two-tower/random-weights.ts";

/** One model, open as fp32 and in the first quantized form, one thread each. */
export interface ScoringModel extends AsyncDisposable {
  readonly fp32: GraphRunner;
  readonly qint8: GraphRunner;
}

export async function openScoringModel(options: RandomWeightsOptions): Promise<ScoringModel> {
  const dir = await mkdtemp(join(tmpdir(), "scoring-"));
  const weights = randomWeights(options, new Random(1));
  const folder = createPartsFolder(dir, "1");
  await writeShared(folder, { weights, popularity: new Float32Array(weights.items) });
  const exact = await folder.add("fp32", "onnx", encodeModel(twoTowerGraph(weights)));
  const quantized = await writeQuantized(folder, weights, quantizedForms[0]!);
  const fp32 = await openRunner(exact.path);
  const qint8 = await openRunner(quantized.graph.path);
  return {
    fp32,
    qint8,
    async [Symbol.asyncDispose]() {
      await Promise.all([fp32.close(), qint8.close()]);
      await rm(dir, { recursive: true });
    },
  };
}
