import { refuseExisting } from "../../models/bundle/refuse-existing.ts";
import { buildCatalogue } from "../../models/catalogue/build-index.ts";
import type { ColdStartSource } from "../../models/cold-start/export/source.ts";
import { textOfTrained } from "../../models/cold-start/export/trained/text-of-trained.ts";
import { readTrained, type Trained } from "../../models/cold-start/export/trained/read-trained.ts";
import { toWeights } from "../../models/cold-start/export/trained/to-weights.ts";
import { bundleFolderOf } from "../bundle-folder.ts";
import { idTypeOf } from "./id-type.ts";
import type { TrainedConfig } from "./trained-settings.ts";
import type { ExportParts } from "./with-workplace.ts";
import { writeColdStart } from "./write-cold-start.ts";

/** Reads, measures and writes; says how it goes. Rejects before it writes when anything is wrong by then. */
export async function exportTrainedColdStart(
  config: TrainedConfig,
  parts: ExportParts,
): Promise<void> {
  const { trained: dir = "", out = "", variants, probes: mostProbes } = config;
  const target = bundleFolderOf(out);
  await refuseExisting(target.dir);
  const trained = await readTrained(dir);
  parts.say(describe(trained));
  const { items, playlists } = trained;
  const idType = idTypeOf(
    items.map(({ id }) => id),
    config.idType,
  );
  const source: ColdStartSource = {
    weights: toWeights(trained),
    text: textOfTrained(dir, trained),
    items: buildCatalogue(items, { idType }),
    popularity: Float32Array.from(items, ({ count }) => count),
    playlists,
    version: target.version,
  };
  await writeColdStart(source, { target, idType, variants, mostProbes }, parts);
}

function describe({ shape, text, items, playlists }: Trained): string {
  const names =
    shape.text.kind === "grams"
      ? `names by ${shape.text.buckets} rows of ${shape.text.dims}`
      : `names by a sentence encoder${text.kind === "encoder" ? `, ${text.encoder}` : ""}`;
  return `${items.length} items of ${shape.dims} dimensions, ${names}; ${playlists.length} playlists held out`;
}
