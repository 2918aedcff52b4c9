import { existsSync } from "node:fs";
import { nearest } from "../../proto/nearest.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { readCasesFile } from "./cases-file.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Dataset } from "./dataset.ts";
import { llaraFolders, readLlara } from "./llara.ts";
import { readMl100k } from "./ml-100k.ts";
import { readMl1m } from "./ml-1m.ts";
import { readMpd } from "./mpd.ts";

const readers: Readonly<Record<string, (folder: DataFolder) => Dataset>> = {
  "ml-1m": readMl1m,
  "ml-100k": readMl100k,
  ...Object.fromEntries(
    llaraFolders.map((one) => [one.name, (folder: DataFolder) => readLlara(folder, one)]),
  ),
  "mpd-sample-1k": readMpd,
};

export const datasetNames: readonly string[] = Object.keys(readers);

export interface DatasetSources {
  readonly folder: DataFolder;
  readonly readFile: (path: string) => string;
}

/** By its name, or a file of one's own. */
export function readDataset(name: string, { folder, readFile }: DatasetSources): Dataset {
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read !== undefined) return read(folder);
  if (existsSync(name)) return readCasesFile(readFile(name), name);
  const meant = nearest(name, datasetNames);
  const hint =
    meant === undefined ? `there are ${datasetNames.join(", ")}` : `did you mean ${meant}?`;
  throw new ServingError("INVALID_ARGUMENT", `there is no data set and no file "${name}"; ${hint}`);
}
