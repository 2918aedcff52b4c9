import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createWorld } from "../../loadtest/world/create-world.ts";

/** What the models in examples/bundles were trained on: fewer tracks than the demo's world has, by the same listeners. */
export const tracksWorld = createWorld({ tracks: 2_000, artists: 200 });

const source = fileURLToPath(new URL("../../examples/bundles", import.meta.url));
const versionsOf = { tracks: ["1", "2"], songs: ["1"] } as const;

/** Where the demo's other model is: a server takes one folder. A copy of other bundles than these gives way. */
export async function copyExampleBundles(models: string): Promise<void> {
  for (const [model, versions] of Object.entries(versionsOf))
    for (const version of versions)
      await copyBundle(`${source}/${model}/${version}`, `${models}/${model}`, version);
}

async function copyBundle(from: string, dir: string, version: string): Promise<void> {
  const to = `${dir}/${version}`;
  if ((await manifestIn(from)) === (await manifestIn(to))) return;
  // Servers pass over names that begin with a dot.
  const aside = `${dir}/.${version}`;
  await mkdir(dirname(aside), { recursive: true });
  await rm(aside, { recursive: true, force: true });
  await cp(from, aside, { recursive: true });
  await rm(to, { recursive: true, force: true });
  await rename(aside, to);
}

function manifestIn(dir: string): Promise<string | undefined> {
  return readFile(`${dir}/bundle.json`, "utf8").catch(() => undefined);
}
