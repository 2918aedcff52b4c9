import { Random } from "../../models/random.ts";
import { drawListens, drawPlaylist } from "./draw-tracks.ts";
import { playlistTitle } from "./playlist-title.ts";
import { memberOf, pick, styleOf } from "./styles.ts";
import type { Style } from "./styles.ts";
import { drawStyle, drawTastes } from "./tastes.ts";
import type { Taste } from "./tastes.ts";

export interface WorldSizes {
  readonly listeners: number;
  readonly playlists: number;
  readonly tracks: number;
  readonly artists: number;
}

export const defaultSizes: WorldSizes = {
  listeners: 3000,
  playlists: 2000,
  tracks: 20_000,
  artists: 2000,
};

export interface WorldOptions extends Partial<WorldSizes> {
  /** Default 1. */
  readonly seed?: number;
}

export interface Artist {
  readonly id: string;
  readonly name: string;
  readonly style: Style;
}

export interface Track {
  readonly id: string;
  readonly title: string;
  readonly artist: number;
}

export interface Playlist {
  readonly id: string;
  readonly title: string;
  readonly style: Style;
  /** A listener. */
  readonly owner: number;
}

/**
 * An invented music service. Everybody and everything is a function of the seed and an index, computed when asked for: a world
 * of millions takes no memory. Among playlists and artists of one style, the lower index is the more popular one.
 */
export interface World {
  readonly sizes: WorldSizes;
  artist(index: number): Artist;
  track(index: number): Track;
  playlist(index: number): Playlist;
  playlistTracks(index: number): Int32Array;
  /** The main one first. */
  tastes(listener: number): readonly Taste[];
  /** Playlists of other listeners that this one follows: distinct, oldest first. */
  follows(listener: number): Int32Array;
  /** Tracks in the order of listening. */
  listens(listener: number): Int32Array;
}

export const artistId = (index: number): string => `a${index}`;
export const trackId = (index: number): string => `t${index}`;
export const playlistId = (index: number): string => `p${index}`;
export const listenerId = (index: number): string => `u${index}`;

/** Streams of chance: a change in what one part of the world draws leaves the others as they are. */
const streams = {
  artist: 1,
  track: 2,
  title: 3,
  owner: 4,
  playlistTracks: 5,
  tastes: 6,
  follows: 7,
  listens: 8,
};

export function createWorld(options: WorldOptions = {}): World {
  const { seed = 1, ...given } = options;
  const sizes = { ...defaultSizes, ...given };
  assertNumbers(seed, sizes);
  const chance = (stream: keyof typeof streams, index: number) =>
    new Random(Math.imul(seed, 0x01000193) ^ streams[stream], index);

  const tastes = (listener: number) => drawTastes(styleOf(listener), chance("tastes", listener));
  const ownerOf = (playlist: number) =>
    memberOf(styleOf(playlist), sizes.listeners, { random: chance("owner", playlist) });

  return {
    sizes,
    tastes,
    artist(index) {
      const style = styleOf(index);
      const { first, second } = style.genre;
      const random = chance("artist", index);
      return { id: artistId(index), name: `${pick(first, random)} ${pick(second, random)}`, style };
    },
    track(index) {
      const artist = index % sizes.artists;
      const { qualities, things } = styleOf(artist).genre;
      const random = chance("track", index);
      return {
        id: trackId(index),
        title: `${pick(qualities, random)} ${pick(things, random)}`,
        artist,
      };
    },
    playlist(index) {
      const style = styleOf(index);
      const title = playlistTitle(style, chance("title", index));
      return { id: playlistId(index), title, style, owner: ownerOf(index) };
    },
    playlistTracks: (index) => drawPlaylist(styleOf(index), sizes, chance("playlistTracks", index)),
    listens: (listener) => drawListens(tastes(listener), sizes, chance("listens", listener)),
    follows(listener) {
      const random = chance("follows", listener);
      const mine = tastes(listener);
      const wanted = 8 + random.below(25);
      const found: number[] = [];
      // Whoever meets only what he follows already, in a small world, follows less.
      for (let tries = 4 * wanted; tries > 0 && found.length < wanted; tries--) {
        const style = drawStyle(mine, random);
        const playlist = memberOf(style, sizes.playlists, { random, skewed: true });
        if (!found.includes(playlist) && ownerOf(playlist) !== listener) found.push(playlist);
      }
      return Int32Array.from(found);
    },
  };
}

const maxSize = 100_000_000;

function assertNumbers(seed: number, sizes: WorldSizes): void {
  const problems = Object.entries(sizes)
    .filter(([, size]) => !Number.isInteger(size) || size < 1 || size > maxSize)
    .map(([name, size]) => `${name} is ${size}, not a whole number from 1 to ${maxSize}`);
  if (!Number.isInteger(seed)) problems.push(`seed is ${seed}, not a whole number`);
  if (problems.length > 0) throw new RangeError(problems.join("; "));
}
