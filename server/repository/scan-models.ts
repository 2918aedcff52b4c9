import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { manifestFile } from "../../models/bundle/bundle.ts";
import { namePattern } from "../../models/bundle/manifest.ts";
import type { VersionOnDisk } from "./plan-versions.ts";

/** The versions in DIR/<model>/<version>/, by model. Rejects when a folder cannot be read: nothing is known then. */
export async function scanModels(root: string): Promise<Map<string, VersionOnDisk[]>> {
  const models = new Map<string, VersionOnDisk[]>();
  for (const model of await foldersIn(root)) {
    const versions = await Promise.all(
      (await versionsIn(join(root, model))).map((version) => look(join(root, model), version)),
    );
    const complete = versions.filter((one) => one !== undefined);
    if (complete.length > 0) models.set(model, complete);
  }
  return models;
}

/** What cannot be a model's or a version's name is not one: ".partial", "lost+found", "_tmp". */
async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isFile() && namePattern.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
}

/** A folder that has just gone, or a link to nowhere, holds nothing; one that cannot be read is an error. */
async function versionsIn(dir: string): Promise<string[]> {
  return foldersIn(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}

/** Undefined without a manifest: something else, or something that left while we looked. */
async function look(dir: string, version: string): Promise<VersionOnDisk | undefined> {
  try {
    const { ino, mtimeMs, size } = await stat(join(dir, version, manifestFile));
    return { version, fingerprint: `${ino} ${mtimeMs} ${size}` };
  } catch {
    return undefined;
  }
}
