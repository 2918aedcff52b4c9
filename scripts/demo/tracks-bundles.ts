import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createWorld } from "../../loadtest/world/create-world.ts";

/** What the model in examples/bundles was trained on: fewer tracks than the demo's world has, by the same listeners. */
export const tracksWorld = createWorld({ tracks: 2_000, artists: 200 });

const source = fileURLToPath(new URL("../../examples/bundles/tracks", import.meta.url));
const versions = ["1", "2"];

/** Where the demo's other models are: a server takes one folder. A copy of other bundles than these gives way. */
export async function copyTracksBundles(dir: string): Promise<void> {
  for (const version of versions) {
    const [from, to] = [`${source}/${version}`, `${dir}/${version}`];
    if ((await manifestIn(from)) === (await manifestIn(to))) continue;
    // Servers pass over names that begin with a dot.
    const aside = `${dir}/.${version}`;
    await mkdir(dirname(aside), { recursive: true });
    await rm(aside, { recursive: true, force: true });
    await cp(from, aside, { recursive: true });
    await rm(to, { recursive: true, force: true });
    await rename(aside, to);
  }
}

function manifestIn(dir: string): Promise<string | undefined> {
  return readFile(`${dir}/bundle.json`, "utf8").catch(() => undefined);
}
