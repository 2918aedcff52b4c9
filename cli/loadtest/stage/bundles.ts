import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ModelSize, StageNeeds } from "../../../loadtest/scenarios/scenario.ts";
import { createWorld, type World } from "../../../loadtest/world/create-world.ts";
import { createProgressBar } from "../../progress-bar.ts";
import { buildPlaylistsBundle } from "../../train/playlists-bundle.ts";

export const stageModel = "playlists";

/** Two versions of a model of an invented world, trained the first time and kept. */
export interface StageBundles {
  readonly world: World;
  /** Settings of a server that is to be limited by what the bundle says. */
  readonly flags: readonly string[];
  /** The folder of one. */
  of(version: "1" | "2"): string;
}

interface Recipe {
  /** Changes when another bundle comes out of it. */
  readonly name: string;
  readonly world: World;
  readonly training: { readonly dims: number; readonly epochs: number };
  readonly flags: readonly string[];
}

/** A scenario is about servers, not about recommendations: they may be bad, and are soon trained. */
const recipes: Readonly<Record<ModelSize, Recipe>> = {
  small: {
    name: "small-1",
    world: createWorld({ listeners: 1_000, playlists: 800 }),
    training: { dims: 32, epochs: 8 },
    flags: [],
  },
  large: {
    name: "large-1",
    world: createWorld({ listeners: 1_000, playlists: 60_000 }),
    training: { dims: 128, epochs: 1 },
    flags: ["--variant", "fp32", "--workers", "1", "--intra-op-threads", "1"],
  },
};

export async function ensureBundles(
  { model = "small" }: StageNeeds,
  signal: AbortSignal,
): Promise<StageBundles> {
  const { name, world, training, flags } = recipes[model];
  const folder = resolve(".crossfade/loadtest/bundles", name);
  await mkdir(folder, { recursive: true });
  for (const version of ["1", "2"] as const) {
    if (existsSync(join(folder, version))) continue;
    const bar = createProgressBar(`training version ${version}`, process.stderr);
    await buildPlaylistsBundle(join(folder, version), {
      world,
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
  return { world, flags, of: (version) => join(folder, version) };
}
