import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createWorld, type World } from "../../../loadtest/world/create-world.ts";
import { createProgressBar } from "../../progress-bar.ts";
import { buildPlaylistsBundle } from "../../train/playlists-bundle.ts";

/** Small: a scenario is about servers, not about recommendations. */
export const stageWorld: World = createWorld({ listeners: 1_000, playlists: 800 });
export const stageModel = "playlists";

/** A change of what follows makes other bundles. */
const recipe = "1";
const training = { dims: 32, epochs: 8 };

/** Two versions of a model of the invented world, trained the first time and kept. */
export interface StageBundles {
  /** The folder of one. */
  of(version: "1" | "2"): string;
}

export async function ensureBundles(signal: AbortSignal): Promise<StageBundles> {
  const folder = resolve(".crossfade/loadtest/bundles", recipe);
  await mkdir(folder, { recursive: true });
  for (const version of ["1", "2"] as const) {
    if (existsSync(join(folder, version))) continue;
    const bar = createProgressBar(`training version ${version}`, process.stderr);
    await buildPlaylistsBundle(join(folder, version), {
      world: stageWorld,
      version,
      training: {
        ...training,
        seed: Number(version),
        signal,
        onProgress: ({ done, total }) => bar.at((0.9 * done) / total),
      },
    });
    bar.done();
  }
  return { of: (version) => join(folder, version) };
}
