import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Meter, silentMeter } from "../../../backends/meter.ts";
import { modelBackend } from "../../../backends/model-backend.ts";
import { timeRuns } from "../../../backends/model/time-runs.ts";
import type { Backend } from "../../../backends/backend.ts";
import { openEngine } from "../../../backends/engines/open-engine.ts";
import { buildCatalogue, buildIdIndex } from "../../../models/catalogue/build-index.ts";
import type { Family } from "../../../models/family.ts";
import { Random } from "../../../models/random.ts";
import { createPartsFolder } from "../../../models/exporting/parts-folder.ts";
import { quantizedForms } from "../../../models/exporting/quantized-form.ts";
import { writeQuantized } from "../../../models/two-tower/export/write-quantized.ts";
import { writeShared } from "../../../models/two-tower/export/write-shared.ts";
import { createTwoTowerFamily } from "../../../models/two-tower/family.ts";
import { randomWeights } from "../../../models/two-tower/random-weights.ts";
import type { TwoTowerShape } from "../../../models/two-tower/weights.ts";
import { defaultRequestLimits } from "../../../proto/request-limits.ts";

/** A quantized two-tower model of random weights, behind a backend with one session. */
export interface ServedModel extends AsyncDisposable {
  readonly backend: Backend;
  readonly family: Family;
  /** The graph's file, for a session without a backend. */
  readonly graph: string;
  /** All that the engine has run so far. */
  readonly ranMs: () => number;
}

export const modelName = "bench";

export async function openServedModel(shape: TwoTowerShape): Promise<ServedModel> {
  const dir = await mkdtemp(join(tmpdir(), "batching-"));
  const { family, popularity } = openFamily(shape);
  const weights = randomWeights(shape, new Random(1));
  const folder = createPartsFolder(dir, "1");
  await writeShared(folder, { weights, popularity });
  const graph = (await writeQuantized(folder, weights, quantizedForms[0]!)).graph.path;
  const warmUp = family.warmUp().map(({ feeds }) => feeds);
  const engine = await openEngine({ provider: "cpu", name: "cpu-qint8", graph, warmUp });
  const timedRuns = await timeRuns(engine, family);
  let ranMs = 0;
  const meter: Meter = { ...silentMeter, ran: (_, runMs) => void (ranMs += runMs) };
  const names = { model: modelName, version: "1" };
  const backend = modelBackend({ ...names, family, engine, timedRuns, meter });
  return {
    backend,
    family,
    graph,
    ranMs: () => ranMs,
    async [Symbol.asyncDispose]() {
      await backend.close();
      await rm(dir, { recursive: true });
    },
  };
}

function openFamily({ users, items, dims }: TwoTowerShape) {
  const popularity = new Float32Array(items);
  const family = createTwoTowerFamily({
    items: buildCatalogue(
      Array.from({ length: items }, (_, item) => ({ id: itemId(item), title: `Track ${item}` })),
    ),
    users: buildIdIndex(Array.from({ length: users }, (_, user) => userId(user))),
    popularity,
    dims,
    limits: defaultRequestLimits,
  });
  return { family, popularity };
}

export function itemId(item: number): string {
  return `i${item}`;
}

export function userId(user: number): string {
  return `u${user}`;
}
