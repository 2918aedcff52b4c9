import { list, object, text, type Shape } from "../../bundle/shape.ts";
import type { NamedTrack } from "../../names/read-names.ts";
import type { RowComplaints } from "../../rows/row-complaints.ts";
import type { TextRow } from "../../rows/text-rows.ts";

/** A playlist that was kept back: what it is asked by, and the item that is to be found. */
export interface Playlist {
  readonly tracks: readonly NamedTrack[];
  readonly target: string;
}

interface PlaylistLine {
  readonly tracks: readonly NamedTrack[];
  readonly targets: readonly string[];
}

const anyText = text({ pattern: /^/, allowed: "text" });

const playlistLine: Shape<PlaylistLine> = object<PlaylistLine>({
  tracks: list(object<NamedTrack>({ title: anyText, artist: anyText }), 1_000),
  targets: list(anyText, 10_000),
});

/**
 * Lines `{"tracks": [{"title", "artist"}], "targets": [id]}`. The first target that is an item counts; a playlist without one is left out.
 */
export function readPlaylists(
  rows: Iterable<TextRow>,
  isItem: (id: string) => boolean,
  complaints: Pick<RowComplaints, "add">,
): readonly Playlist[] {
  const playlists: Playlist[] = [];
  for (const row of rows) {
    const problems: string[] = [];
    const { tracks, targets } = parseLine(row.text, problems);
    if (problems.length === 0 && tracks.length === 0) problems.push("tracks: there are none");
    const nameless = tracks?.findIndex(({ title, artist }) => title === "" && artist === "");
    if (problems.length === 0 && nameless >= 0)
      problems.push(`tracks[${nameless}]: has neither title nor artist`);
    if (problems.length > 0) complaints.add(row, problems.join("; "));
    const target = targets?.find(isItem);
    if (problems.length === 0 && target !== undefined) playlists.push({ tracks, target });
  }
  return playlists;
}

export function playlistLineOf({ tracks, target }: Playlist): string {
  const names = tracks.map(({ title, artist }) => ({ title, artist }));
  return JSON.stringify({ tracks: names, targets: [target] } satisfies PlaylistLine);
}

function parseLine(json: string, problems: string[]): PlaylistLine {
  try {
    return playlistLine(JSON.parse(json), "", problems);
  } catch (error) {
    problems.push(`it is no JSON: ${(error as Error).message}`);
    return { tracks: [], targets: [] };
  }
}
