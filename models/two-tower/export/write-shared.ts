import { twoTowerParts } from "../parts.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import type { TwoTowerSource } from "./source.ts";

/** Writes what every variant reads. */
export async function writeShared(
  folder: PartsFolder,
  { weights, popularity }: Pick<TwoTowerSource, "weights" | "popularity">,
): Promise<void> {
  const zeroRow = new Float32Array(weights.dims);
  await folder.add(twoTowerParts.itemVectors, "f32", weights.itemVectors, zeroRow);
  await folder.add(twoTowerParts.userVectors, "f32", weights.userVectors, zeroRow);
  await folder.add(twoTowerParts.popularity, "f32", popularity);
}
