import type { VariantName } from "../../models/bundle/manifest.ts";
import { readBundle } from "../../models/bundle/read-bundle.ts";
import { refuseExisting } from "../../models/bundle/refuse-existing.ts";
import { addItems, type Twin } from "../../models/cold-start/export/add-items.ts";
import { reuseParts } from "../../models/exporting/reuse-parts.ts";
import { bundleFolderOf } from "../bundle-folder.ts";
import { withWorkplace, type ExportParts } from "../export/with-workplace.ts";
import { writeColdStart } from "../export/write-cold-start.ts";
import type { AddItemsConfig } from "./add-items-settings.ts";
import { readAddedItems } from "./read-added-items.ts";

/** Reads, adds, measures and writes; says how it goes. The old bundle stays as it is, and the new one is there whole or not at all. */
export async function addToBundle(config: AddItemsConfig, parts: ExportParts): Promise<void> {
  const { bundle: dir = "", items: table = "", out = "", probes: mostProbes } = config;
  const target = bundleFolderOf(out);
  const { say, signal } = parts;
  await refuseExisting(target.dir);
  const bundle = await readBundle(dir, { families: ["cold-start"], signal });
  const { idType, model, version, variants } = bundle.manifest;
  const added = await readAddedItems(table, idType);
  const { source, twins } = await withWorkplace(parts, (options) =>
    addItems(bundle, added, { ...options, idType, version: target.version }),
  );
  const { size } = source.items;
  say(`${model} ${version} has ${size - added.length} items; ${added.length} more make ${size}`);
  if (twins.length > 0) say(describeTwins(twins));
  await writeColdStart(
    source,
    {
      target,
      idType,
      variants: Object.keys(variants) as VariantName[],
      mostProbes,
      async finish(draft) {
        // What was read of it in between must have been the same bundle.
        await bundle.files.verify(signal);
        return reuseParts(draft, bundle);
      },
    },
    parts,
  );
}

const maxNamed = 10;

function describeTwins(twins: readonly Twin[]): string {
  const named = twins.slice(0, maxNamed).map(({ id, of }) => `${id} as ${of}`);
  const more = twins.length > maxNamed ? ` and ${twins.length - maxNamed} more` : "";
  const some =
    twins.length === 1
      ? "1 of them has the name of an item that was there, and is an item of its own"
      : `${twins.length} of them have names of items that were there, and are items of their own`;
  return `${some}: ${named.join(", ")}${more}`;
}
