import { refuseExisting } from "../../models/bundle/refuse-existing.ts";
import { writeBundle } from "../../models/bundle/write-bundle.ts";
import { draftBundle } from "../../models/exporting/draft-bundle.ts";
import { exportSequence } from "../../models/sequence/export/export-sequence.ts";
import { toProbes } from "../../models/sequence/export/to-probes.ts";
import { toWeights } from "../../models/sequence/export/to-weights.ts";
import { readTrained, type Trained } from "../../models/sequence/export/trained/read-trained.ts";
import { sequenceParts } from "../../models/sequence/parts.ts";
import { bundleFolderOf } from "../bundle-folder.ts";
import { bundleSizes } from "./bundle-sizes.ts";
import { idTypeOf } from "./id-type.ts";
import type { TrainedConfig } from "./trained-settings.ts";
import { withWorkplace, type ExportParts } from "./with-workplace.ts";

/** Reads, measures and writes; says how it goes. Rejects before it writes when anything is wrong by then. */
export async function exportTrainedSequence(
  config: TrainedConfig,
  parts: ExportParts,
): Promise<void> {
  const { trained: dir = "", out = "", variants, probes } = config;
  const { dir: target, model, version } = bundleFolderOf(out);
  const { signal, say } = parts;
  await refuseExisting(target);
  const trained = await readTrained(dir);
  const { items, userIds } = trained;
  say(describe(trained));
  const idType = idTypeOf([...items.map(({ id }) => id), ...userIds], config.idType);
  const weights = toWeights(trained);
  const source = {
    weights,
    popularity: Float32Array.from(items, ({ count }) => count),
    probes: toProbes(trained.heldOut, weights, probes),
    version,
  };
  await withWorkplace(parts, async (options) => {
    const exported = await exportSequence(source, { ...options, variants });
    signal.throwIfAborted();
    const ids = { items, userIds: exported.settings.userDims > 0 ? userIds : undefined };
    const draft = draftBundle(exported, ids, { model, version, family: "sequence", idType });
    const { manifest } = await writeBundle(target, draft);
    say(`wrote ${target}\n${bundleSizes(manifest, idParts)}`);
  });
}

const idParts: readonly string[] = [sequenceParts.items, sequenceParts.users];

function describe({ architecture, items, userIds, heldOut }: Trained): string {
  const { itemDims, userDims, maxLength, blocks } = architecture;
  const users =
    userDims > 0 ? `, ${userIds.length} users of ${userDims} dimensions` : ", without users";
  return `${items.length} items of ${itemDims} dimensions${users}; ${blocks} blocks, the last ${maxLength} items of a sequence; ${heldOut.length} held out`;
}
