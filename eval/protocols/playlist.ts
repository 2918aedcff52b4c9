import { idsOf, type NamedTrack, type PlaylistData } from "../data/dataset.ts";
import type { Metric, Part } from "./part.ts";
import { playlistTrial, type PlaylistRules } from "./playlist-trial.ts";
import type { PlaylistProtocol, ProtocolOptions } from "./protocol.ts";

const seedCounts = [1, 5, 25];
const metrics: readonly Metric[] = [
  { name: "R-precision" },
  { name: "Recall@50" },
  { name: "NDCG@50" },
  { name: "clicks", isLowerBetter: true },
  { name: "Recall@50 warm" },
  { name: "Recall@50 cold" },
];

/** Which of a playlist's tracks are given. */
interface Seeding {
  readonly key: string;
  /** "its first 5 …" */
  readonly of: string;
  readonly isSeed: (isWarm: boolean) => boolean;
}

const seedings: readonly Seeding[] = [
  { key: "given", of: "", isSeed: () => true },
  { key: "known", of: " that training knows", isSeed: (isWarm) => isWarm },
  { key: "unseen", of: " that nobody has seen", isSeed: (isWarm) => !isWarm },
];

/** As the Million Playlist challenge asks: some tracks of a playlist are given, the others are to be found. */
export const playlist: PlaylistProtocol = {
  name: "playlist",
  summary:
    "the rest of a playlist from 1, 5, 25 of its tracks, known ones and unseen ones apart: R-precision, Recall@50, NDCG@50, clicks",
  needs: "playlists",
  together: { reach: Infinity, newest: Infinity },
  parts: (data, options) =>
    seedings.flatMap((seeding) =>
      seedCounts.map((given) => partOf({ ...seeding, given }, data, options)),
    ),
};

interface Seeds extends Seeding {
  readonly given: number;
}

function partOf(seeds: Seeds, data: PlaylistData, options: ProtocolOptions): Part {
  const { key, of, given } = seeds;
  const { learnt, family, catalogue } = options;
  const isByName = family === "cold-start";
  const rules: PlaylistRules = {
    learnt,
    isByName,
    catalogue: catalogue ?? { size: learnt.items.length, idsOf },
    isWarm: ({ id }) => (learnt.counts[learnt.indexOf.get(id) ?? -1] ?? 0) > 0,
    songOf: songsById(data.tracks),
  };
  const split = data.playlists.flatMap((tracks) => splitOf([...new Set(tracks)], seeds, rules));
  return {
    key: `${key}${given}`,
    title: `The rest of a playlist, given its first ${given === 1 ? "track" : `${given} tracks`}${of}`,
    notes: [
      `${split.length} of ${data.playlists.length} playlists are long enough.`,
      isByName
        ? "Tracks are sent by title and artist, and nothing else."
        : "This model knows no names: tracks are sent as history, by id.",
      "Given tracks are excluded. A track counts as itself alone, not for its artist.",
      describeCatalogue(data, rules),
    ],
    metrics,
    baselines: ["random", ...learnt.baselines.map(({ name }) => name)],
    trials: split.map((one, subject) => playlistTrial({ ...one, subject }, rules)),
    isOpen: true,
  };
}

interface Split {
  readonly seeds: readonly NamedTrack[];
  readonly targets: readonly NamedTrack[];
}

/** None where there are too few of these, or nothing is left to be found. */
function splitOf(
  tracks: readonly NamedTrack[],
  { given, isSeed }: Seeds,
  { isWarm }: PlaylistRules,
): readonly Split[] {
  const seeds = tracks.filter((track) => isSeed(isWarm(track))).slice(0, given);
  const isGiven = new Set(seeds);
  const targets = tracks.filter((track) => !isGiven.has(track));
  return seeds.length < given || targets.length === 0 ? [] : [{ seeds, targets }];
}

function describeCatalogue({ tracks }: PlaylistData, { catalogue, isWarm }: PlaylistRules): string {
  const cold = tracks.filter((track) => !isWarm(track));
  const open = cold.filter((track) => catalogue.idsOf(track).length > 0);
  return (
    `The model can recommend ${catalogue.size} tracks, of the ${cold.length} that no training playlist has ${open.length}; ` +
    "chance draws from these."
  );
}

function songsById(tracks: readonly NamedTrack[]): ReadonlyMap<string, string> {
  return new Map(tracks.flatMap(({ id, otherIds = [] }) => otherIds.map((other) => [other, id])));
}

/** Of all tracks of the data. */
export function playlistItems({ tracks }: PlaylistData): readonly string[] {
  return tracks.map(({ id }) => id);
}
