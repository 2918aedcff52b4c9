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

async function versionsIn(dir: string): Promise<string[]> {
  return (await unlessGone(() => foldersIn(dir))) ?? [];
}

/** Undefined without a manifest: something else, or something that left while we looked. */
async function look(dir: string, version: string): Promise<VersionOnDisk | undefined> {
  const found = await unlessGone(() => stat(join(dir, version, manifestFile)));
  if (found === undefined) return undefined;
  const { ino, mtimeMs, size } = found;
  return { version, fingerprint: `${ino} ${mtimeMs} ${size}` };
}

/** What has just gone, or a link to nowhere, is nothing; what cannot be read is an error, or a loaded version would go with it. */
async function unlessGone<Found>(look: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
