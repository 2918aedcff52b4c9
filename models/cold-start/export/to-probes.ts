import { defaultRequestLimits } from "../../../proto/request-limits.ts";
import { evenly } from "../../exporting/evenly.ts";
import type { Probe, Probes } from "../../exporting/probe.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { indexOfId } from "../../catalogue/index-of-id.ts";
import type { NameIndex } from "../../names/name-index.ts";
import { readNames } from "../../names/read-names.ts";
import { createTrackName } from "../../names/track-name.ts";
import { createNamesakes } from "../namesakes.ts";
import { createTexts, type TextLists } from "../texts.ts";
import { createIndexLists } from "../../ranking/index-lists.ts";
import type { TextTower } from "../tower.ts";
import type { Playlist } from "./playlists.ts";

/** A playlist as the graph takes it. */
export interface TrackProbe extends Probe {
  /** The tracks that are items, ascending. */
  readonly known: Int32Array;
  /** The names of the others. */
  readonly texts: TextLists;
}

export interface ProbeSources {
  readonly items: Catalogue;
  readonly names: NameIndex;
  readonly tower: TextTower;
}

export interface ChosenProbes {
  readonly probes: Probes<TrackProbe>;
  /** Of which they were made. */
  readonly playlists: readonly Playlist[];
}

/**
 * Whom the variants are measured on: playlists of which some track is an item; and the same, as if nobody knew any of their tracks.
 * Throws an Error where there are none.
 * @param most In each group; spread evenly over all that there are.
 */
export function toProbes(
  playlists: readonly Playlist[],
  sources: ProbeSources,
  most: number,
): ChosenProbes {
  const reading = createReading(sources);
  const read = playlists.map((playlist) => ({ playlist, probe: reading.asNamed(playlist) }));
  const chosen = evenly(
    read.filter(({ probe }) => probe.known.length > 0),
    most,
  );
  if (chosen.length === 0)
    throw new Error(
      `of ${playlists.length} playlists that were kept back, none has a track that the catalogue knows: there is nothing to measure on`,
    );
  const warm = chosen.map(({ probe }) => probe);
  const cold = chosen.map(({ probe, playlist }) => ({ ...probe, ...reading.asUnknown(playlist) }));
  return { probes: { warm, cold }, playlists: chosen.map(({ playlist }) => playlist) };
}

function createReading({ items, names, tower }: ProbeSources) {
  const track = createTrackName();
  const texts = createTexts(tower);
  // As many as a request that says nothing else.
  const { maxExclude: maxNamesakes } = defaultRequestLimits;
  const namesakes = createNamesakes({ names, maxNamesakes }, createIndexLists());
  return {
    asNamed({ tracks, target }: Playlist): TrackProbe {
      const known: number[] = [];
      texts.clear();
      namesakes.clear();
      for (const named of tracks) {
        readNames(track, named);
        const found = names.find(track);
        if (found.match === "new") {
          texts.add(track);
          continue;
        }
        known.push(found.item);
        namesakes.add(found);
      }
      return {
        user: -1,
        history: Int32Array.from(new Set([...known, ...namesakes.take()])),
        next: indexOfId(items, target),
        known: Int32Array.from(known).sort(),
        texts: texts.take(),
      };
    },
    asUnknown({ tracks }: Playlist): Pick<TrackProbe, "known" | "texts"> {
      texts.clear();
      for (const named of tracks) {
        readNames(track, named);
        texts.add(track);
      }
      return { known: new Int32Array(), texts: texts.take() };
    },
  };
}
