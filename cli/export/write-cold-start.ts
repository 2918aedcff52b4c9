import type { VariantName } from "../../models/bundle/manifest.ts";
import { writeBundle, type BundleDraft } from "../../models/bundle/write-bundle.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import { exportColdStart } from "../../models/cold-start/export/export-cold-start.ts";
import type { ColdStartSource } from "../../models/cold-start/export/source.ts";
import { coldStartParts } from "../../models/cold-start/parts.ts";
import { draftBundle } from "../../models/exporting/draft-bundle.ts";
import type { BundleFolder } from "../bundle-folder.ts";
import { bundleSizes } from "./bundle-sizes.ts";
import { withWorkplace, type ExportParts } from "./with-workplace.ts";

export interface ColdStartWriting {
  readonly target: BundleFolder;
  readonly idType: IdType;
  readonly variants: readonly VariantName[];
  readonly mostProbes: number;
  /** Changes what is written last. Default: nothing. */
  readonly finish?: (draft: BundleDraft) => Promise<BundleDraft>;
}

/** Measures a cold-start model in every variant and writes its bundle; says how it goes. */
export async function writeColdStart(
  source: ColdStartSource,
  { target, idType, variants, mostProbes, finish = async (draft) => draft }: ColdStartWriting,
  parts: ExportParts,
): Promise<void> {
  const { dir, model, version } = target;
  await withWorkplace(parts, async (options) => {
    const exported = await exportColdStart(source, { ...options, variants, mostProbes });
    parts.signal.throwIfAborted();
    const ids = { items: source.items, userIds: undefined };
    const draft = draftBundle(exported, ids, { model, version, family: "cold-start", idType });
    const { manifest } = await writeBundle(dir, await finish(draft));
    parts.say(`wrote ${dir}\n${bundleSizes(manifest, idParts)}`);
  });
}

const idParts: readonly string[] = [
  coldStartParts.items,
  coldStartParts.names,
  coldStartParts.nameChains,
];
