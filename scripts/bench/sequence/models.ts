import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPartsFolder } from "../../../models/exporting/parts-folder.ts";
import type { GraphRunner } from "../../../models/exporting/graph-runner.ts";
import { encodeModel } from "../../../models/onnx/encode-model.ts";
import { externalLocations } from "../../../models/onnx/external-locations.ts";
import { openRunner } from "../../../models/onnx/ort-runner.fixture.ts";
import { readTrained, type Trained } from "../../../models/sequence/export/trained/read-trained.ts";
import {
  randomTrained,
  writeTrained,
} from "../../../models/sequence/export/trained/write-trained.fixture.ts";
import { toWeights } from "../../../models/sequence/export/to-weights.ts";
import { createSequenceFiles } from "../../../models/sequence/export/weight-files.ts";
import { exactForm } from "../../../models/sequence/graph/form.ts";
import { sequenceGraph } from "../../../models/sequence/graph/sequence-graph.ts";
import type { SequenceWeights } from "../../../models/sequence/weights.ts";
import { plainExport } from "./plain-export.ts";

/** One model as it is served and as PyTorch exports it, in the same runtime, one thread each. */
export interface BenchModels extends AsyncDisposable {
  readonly trained: Trained;
  readonly weights: SequenceWeights;
  readonly ours: GraphRunner;
  readonly plain: GraphRunner;
}

/** @param trainedDir Absent: random weights, of the sizes that ML-1M takes. */
export async function openBenchModels(trainedDir: string | undefined): Promise<BenchModels> {
  const dir = await mkdtemp(join(tmpdir(), "bench-sequence-"));
  const from = trainedDir ?? join(dir, "trained");
  if (trainedDir === undefined) await writeTrained(from, randomTrained(likeMovieLens));
  const trained = await readTrained(from);
  const weights = toWeights(trained);
  const plain = await openRunner(await plainExport(from));
  const ours = await openRunner(await writeOurs(dir, weights));
  return {
    trained,
    weights,
    ours,
    plain,
    async [Symbol.asyncDispose]() {
      await Promise.all([ours.close(), plain.close()]);
      await rm(dir, { recursive: true });
    },
  };
}

const likeMovieLens = {
  items: 3_416,
  users: 6_040,
  architecture: {
    itemDims: 96,
    userDims: 32,
    maxLength: 200,
    heads: 2,
    hidden: 256,
    activation: "gelu",
    embeddingScale: Math.sqrt(128),
  },
} as const;

async function writeOurs(dir: string, weights: SequenceWeights): Promise<string> {
  const folder = createPartsFolder(dir, "1");
  const bytes = encodeModel(sequenceGraph(weights, exactForm));
  await createSequenceFiles(folder, weights).write(externalLocations(bytes));
  return (await folder.add("fp32", "onnx", bytes)).path;
}
