import { bestOf } from "../baselines/best-of.ts";
import type { NamedTrack, PlaylistData } from "../data/dataset.ts";
import {
  listLength,
  playlistFigures,
  randomFigures,
  type PlaylistFigures,
} from "../metrics/playlist-metrics.ts";
import type { Metric, Part, Trial } from "./part.ts";
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

/** As the Million Playlist challenge asks: some tracks of a playlist are given, the others are to be found. */
export const playlist: PlaylistProtocol = {
  name: "playlist",
  summary:
    "the rest of a playlist from its first 1, 5, 25 tracks: R-precision, Recall@50, NDCG@50, clicks",
  needs: "playlists",
  together: { reach: Infinity, newest: Infinity },
  parts: (data, options) => seedCounts.map((given) => partOf(given, data, options)),
};

function partOf(given: number, data: PlaylistData, options: ProtocolOptions): Part {
  const long = data.playlists.filter((tracks) => new Set(tracks).size > given);
  const isByName = options.family === "cold-start";
  return {
    key: `given${given}`,
    title: `The rest of a playlist, given ${given === 1 ? "its first track" : `its first ${given}`}`,
    notes: [
      isByName
        ? "Tracks are sent by title and artist, and nothing else."
        : "This model knows no names: tracks are sent as history, by id.",
      `${long.length} of ${data.playlists.length} playlists are long enough.`,
      "Given tracks are excluded. A track counts as itself alone, not for its artist.",
    ],
    metrics,
    baselines: ["random", ...options.learnt.baselines.map(({ name }) => name)],
    trials: long.map((tracks, subject) => trialOf({ subject, given, tracks }, options)),
    isOpen: true,
  };
}

interface Given {
  readonly subject: number;
  readonly given: number;
  readonly tracks: readonly NamedTrack[];
}

function trialOf({ subject, given, tracks }: Given, options: ProtocolOptions): Trial {
  const { learnt, family } = options;
  const distinct = [...new Set(tracks)];
  const seeds = distinct.slice(0, given);
  const seedIds = seeds.map(({ id }) => id);
  const targets = new Set(distinct.slice(given).map(({ id }) => id));
  const isWarm = (id: string) => (learnt.counts[learnt.indexOf.get(id) ?? -1] ?? 0) > 0;
  const judge = judgeOf(targets, isWarm);
  const excluded = new Set(seedIds.map((id) => learnt.indexOf.get(id)));
  const lists = learnt.baselines.map(({ scores }) =>
    bestOf(scores(seedIds), (item) => excluded.has(item), listLength).map(
      (item) => learnt.items[item]!,
    ),
  );
  return {
    subject,
    group: groupOf(seedIds.filter(isWarm).length, given),
    question: {
      userId: "",
      history: family === "cold-start" ? [] : seedIds,
      ...(family === "cold-start" && {
        tracks: seeds.map(({ title, artist }) => ({ title, artist })),
      }),
      exclude: seedIds,
      topK: listLength,
    },
    judge: ({ items }) => judge(items.map(({ id }) => id)),
    baselines: [randomValues(targets, isWarm, learnt.items.length - given), ...lists.map(judge)],
    baselineLists: [[], ...lists],
  };
}

function groupOf(warm: number, given: number): string {
  if (warm === given) return "seeds all known";
  return warm === 0 ? "seeds never seen" : "seeds partly known";
}

type IsWarm = (id: string) => boolean;

function judgeOf(targets: ReadonlySet<string>, isWarm: IsWarm) {
  const parts = partsOf(targets, isWarm);
  return (ranking: readonly string[]): readonly number[] => [
    ...valuesOf(playlistFigures(ranking, targets)),
    ...parts.map((part) =>
      part.size === 0 ? Number.NaN : playlistFigures(ranking, part).recallAt50,
    ),
  ];
}

function partsOf(targets: ReadonlySet<string>, isWarm: IsWarm) {
  const all = [...targets];
  return [new Set(all.filter(isWarm)), new Set(all.filter((id) => !isWarm(id)))];
}

function randomValues(
  targets: ReadonlySet<string>,
  isWarm: IsWarm,
  open: number,
): readonly number[] {
  const figures = randomFigures(targets.size, open);
  const parts = partsOf(targets, isWarm);
  return [
    ...valuesOf(figures),
    ...parts.map(({ size }) => (size === 0 ? Number.NaN : figures.recallAt50)),
  ];
}

function valuesOf(figures: PlaylistFigures): readonly number[] {
  const { rPrecision, recallAt50, ndcgAt50, clicks } = figures;
  return [rPrecision, recallAt50, ndcgAt50, clicks];
}

/** Of all tracks of the data. */
export function playlistItems({ tracks }: PlaylistData): readonly string[] {
  return tracks.map(({ id }) => id);
}
