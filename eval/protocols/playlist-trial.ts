import { bestOf } from "../baselines/best-of.ts";
import type { Learnt } from "../baselines/learn.ts";
import type { NamedTrack } from "../data/dataset.ts";
import {
  listLength,
  playlistFigures,
  randomFigures,
  type PlaylistFigures,
} from "../metrics/playlist-metrics.ts";
import type { Question } from "../questions/question.ts";
import type { Trial } from "./part.ts";
import type { Catalogue } from "./protocol.ts";

/** How a playlist is asked about, and how answers count. */
export interface PlaylistRules {
  readonly learnt: Learnt;
  readonly catalogue: Catalogue;
  /** Tracks are sent by title and artist; else as history. */
  readonly isByName: boolean;
  /** A training playlist has it. */
  readonly isWarm: (track: NamedTrack) => boolean;
  /** The first id of songs that have several. */
  readonly songOf: ReadonlyMap<string, string>;
}

export interface GivenTracks {
  readonly subject: number;
  readonly seeds: readonly NamedTrack[];
  /** What is to be found; at least one. */
  readonly targets: readonly NamedTrack[];
}

export function playlistTrial(given: GivenTracks, rules: PlaylistRules): Trial {
  const { subject, seeds } = given;
  const warm = seeds.filter(rules.isWarm).length;
  const kinds = targetKinds(given, rules);
  const judge = (songs: readonly string[]) => valuesOf(kinds, (ids) => playlistFigures(songs, ids));
  const lists = baselineLists(given, rules);
  const { baselines } = rules.learnt;
  const isSilent = [false, ...baselines.map(({ hasSaying }) => !hasSaying(idsIn(seeds)))];
  return {
    subject,
    group: groupOf(warm, seeds.length),
    question: questionOf(given, rules),
    judge: ({ items }) => judge(eachOnce(items.map(({ id }) => rules.songOf.get(id) ?? id))),
    baselines: [randomValues(kinds, given, rules), ...lists.map(judge)],
    isSilent,
    baselineLists: [[], ...lists].map((list, at) => (isSilent[at] ? [] : list)),
  };
}

function questionOf({ seeds }: GivenTracks, { isByName, catalogue }: PlaylistRules): Question {
  return {
    userId: "",
    history: isByName ? [] : idsIn(seeds),
    ...(isByName && { tracks: seeds.map(({ title, artist }) => ({ title, artist })) }),
    // What the model does not know it cannot recommend, and would count as an id that it does not know.
    exclude: seeds.flatMap(catalogue.idsOf),
    topK: listLength,
  };
}

/** By id; a track is warm or cold. */
type TargetKinds = readonly [
  all: ReadonlySet<string>,
  warm: ReadonlySet<string>,
  cold: ReadonlySet<string>,
];

function targetKinds({ targets }: GivenTracks, { isWarm }: PlaylistRules): TargetKinds {
  const kinds = [targets, targets.filter(isWarm), targets.filter((track) => !isWarm(track))];
  const [all, warm, cold] = kinds.map((tracks) => new Set(idsIn(tracks)));
  return [all!, warm!, cold!];
}

/** All four of all targets, Recall@50 of the warm and of the cold; NaN where there are none. */
function valuesOf(
  [all, warm, cold]: TargetKinds,
  figuresOf: (targets: ReadonlySet<string>) => PlaylistFigures,
): readonly number[] {
  const { rPrecision, recallAt50, ndcgAt50, clicks } = figuresOf(all);
  const recalls = [warm, cold].map((part) =>
    part.size === 0 ? Number.NaN : figuresOf(part).recallAt50,
  );
  return [rPrecision, recallAt50, ndcgAt50, clicks, ...recalls];
}

/** A song that comes again, by another id, finds nothing more, and takes its place. */
function eachOnce(songs: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return songs.map((song) => {
    if (seen.has(song)) return "";
    seen.add(song);
    return song;
  });
}

function baselineLists({ seeds }: GivenTracks, { learnt }: PlaylistRules) {
  const ids = idsIn(seeds);
  const excluded = new Set(ids.map((id) => learnt.indexOf.get(id)));
  return learnt.baselines.map(({ scores }) =>
    bestOf(scores(ids), (item) => excluded.has(item), listLength).map(
      (item) => learnt.items[item]!,
    ),
  );
}

/** Of what the model can recommend, less what is given. */
function randomValues(
  kinds: TargetKinds,
  { seeds, targets }: GivenTracks,
  { catalogue }: PlaylistRules,
): readonly number[] {
  const isKnown = (track: NamedTrack) => catalogue.idsOf(track).length > 0;
  const items = catalogue.size - seeds.filter(isKnown).length;
  const open = idsIn(targets.filter(isKnown));
  return valuesOf(kinds, (ids) =>
    randomFigures({
      targets: ids.size,
      reachable: open.filter((id) => ids.has(id)).length,
      items,
    }),
  );
}

function idsIn(tracks: readonly NamedTrack[]): readonly string[] {
  return tracks.map(({ id }) => id);
}

function groupOf(warm: number, given: number): string {
  if (warm === given) return "seeds all known";
  return warm === 0 ? "seeds never seen" : "seeds partly known";
}
