import { ServingError } from "../../proto/serving-error.ts";
import type { DataFile, DataFolder } from "./data-folder.ts";
import type { NamedTrack, PlaylistData } from "./dataset.ts";
import { linesOf } from "./lines.ts";

const from = "the Million Playlist Dataset, 1,000 playlists of it as tables";
const playlists: DataFile = { path: "mpd-sample-1k/playlists.tsv", from };
const tracks: DataFile = { path: "mpd-sample-1k/tracks.tsv", from };

export const mpdFiles: readonly DataFile[] = [playlists, tracks];

/** 800 playlists to learn from and 200 to be asked about, tracks by name; ids are the numbers of tracks.tsv. */
export function readMpd(folder: DataFolder): PlaylistData {
  const known = readTracks(folder);
  const split = { train: new Map<string, NamedTrack[]>(), test: new Map<string, NamedTrack[]>() };
  for (const { text, place } of rowsOf(folder, playlists)) {
    const [part = "", playlist = "", , track = ""] = text.split("\t");
    const found = known.get(track);
    const into = part === "train" || part === "test" ? split[part] : undefined;
    if (found === undefined || into === undefined)
      throw new ServingError(
        "INVALID_ARGUMENT",
        `${place}: expected "train" or "test", a playlist, a place and a track of ${tracks.path}`,
      );
    const list = into.get(playlist);
    if (list === undefined) into.set(playlist, [found]);
    else list.push(found);
  }
  const songs = [...new Set(known.values())];
  return {
    kind: "playlists",
    name: "mpd-sample-1k",
    tracks: songs,
    training: [...split.train.values()],
    playlists: [...split.test.values()],
    notes: [
      "A track is warm when a training playlist has it, else cold.",
      `${known.size - songs.length} of ${known.size} tracks have the very title and artist of another: they count as the same.`,
    ],
  };
}

/** By id; of the same name the same. */
function readTracks(folder: DataFolder): ReadonlyMap<string, NamedTrack> {
  const byName = new Map<string, NamedTrack & { otherIds?: string[] }>();
  return new Map(
    rowsOf(folder, tracks).map(({ text }) => {
      const [id = "", , title = "", artist = ""] = text.split("\t");
      const name = `${title}\t${artist}`;
      const same = byName.get(name);
      if (same === undefined) {
        const song = { id, title, artist };
        byName.set(name, song);
        return [id, song];
      }
      (same.otherIds ??= []).push(id);
      return [id, same];
    }),
  );
}

/** Without the heads. */
function rowsOf(folder: DataFolder, file: DataFile) {
  const [, ...rows] = linesOf(folder.read(file), file.path);
  return rows;
}
