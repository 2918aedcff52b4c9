import type { IdType } from "../models/catalogue/id-rules.ts";
import { buildPlaylistsBundle } from "../cli/train/playlists-bundle.ts";
import { createWorld } from "../loadtest/world/create-world.ts";

export const smallWorld = createWorld({ listeners: 600, playlists: 500 });

/** A real model of a small world, trained and quantized in about a second. */
export function buildSmallBundle(dir: string, version = "1", idType: IdType = "string") {
  return buildPlaylistsBundle(dir, {
    world: smallWorld,
    version,
    idType,
    training: { dims: 32, epochs: 10 },
  });
}
