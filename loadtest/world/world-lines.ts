import { artistId, listenerId, playlistId, trackId } from "./create-world.ts";
import type { World } from "./create-world.ts";

export const kinds = ["artist", "track", "playlist", "listener"] as const;
export type Kind = (typeof kinds)[number];

/** One line of JSON for each entity of a kind, in order of their indexes. */
export function* linesOf(world: World, kind: Kind): Generator<string> {
  const describe = describers[kind];
  const count = world.sizes[`${kind}s`];
  for (let index = 0; index < count; index++) {
    yield `${JSON.stringify({ kind, ...describe(world, index) })}\n`;
  }
}

const describers: Record<Kind, (world: World, index: number) => object> = {
  artist(world, index) {
    const { id, name, style } = world.artist(index);
    return { id, name, genre: style.genre.name, style: style.name };
  },
  track(world, index) {
    const { id, title, artist } = world.track(index);
    return { id, title, artist: artistId(artist) };
  },
  playlist(world, index) {
    const { id, title, style, owner } = world.playlist(index);
    const tracks = Array.from(world.playlistTracks(index), trackId);
    return {
      id,
      title,
      genre: style.genre.name,
      style: style.name,
      owner: listenerId(owner),
      tracks,
    };
  },
  listener(world, index) {
    const tastes = world.tastes(index).map(({ style, share }) => ({ style: style.name, share }));
    const follows = Array.from(world.follows(index), playlistId);
    return {
      id: listenerId(index),
      tastes,
      follows,
      listens: Array.from(world.listens(index), trackId),
    };
  },
};
