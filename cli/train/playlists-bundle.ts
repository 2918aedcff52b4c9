import { buildTwoTower } from "./build-two-tower.ts";
import type { Bundle } from "../../models/bundle/bundle.ts";
import type { IdType } from "../../models/catalogue/id-rules.ts";
import type { BprOptions } from "../../models/two-tower/train/bpr.ts";
import { collectInteractions } from "../../models/two-tower/train/interactions.ts";
import { listenerId, type World } from "../../loadtest/world/create-world.ts";

export interface PlaylistsBundleOptions {
  readonly world: World;
  readonly version: string;
  readonly training?: BprOptions;
  /** "int": listeners and playlists go by their numbers in the world, without the letter. Default "string". */
  readonly idType?: IdType;
  /** Takes lines of progress from the export. */
  readonly log?: (line: string) => void;
}

/**
 * Other people's playlists for the listeners of an invented music service: trained, exported, quantized and measured.
 * @param dir The bundle's folder; its parent holds the model's versions.
 */
export function buildPlaylistsBundle(
  dir: string,
  { world, idType = "string", ...options }: PlaylistsBundleOptions,
): Promise<Bundle> {
  const { listeners: users, playlists } = world.sizes;
  const named = (id: string) => (idType === "int" ? id.slice(1) : id);
  const data = {
    items: Array.from({ length: playlists }, (_, i) => {
      const { id, title } = world.playlist(i);
      return { id: named(id), title };
    }),
    userIds: Array.from({ length: users }, (_, i) => named(listenerId(i))),
    interactions: collectInteractions({ users, items: playlists }, (listener) =>
      world.follows(listener),
    ),
  };
  return buildTwoTower(dir, data, { ...options, model: "playlists", idType });
}
