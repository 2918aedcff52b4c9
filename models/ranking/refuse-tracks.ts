import { ServingError } from "../../proto/serving-error.ts";
import type { ReadTracks } from "./named-tracks.ts";

/** For families that know no names: an answer that is not to the tracks sent would look like one that is. */
export function refuseTracks(family: string): ReadTracks<undefined> {
  return ({ tracks: { count } }) => {
    if (count === 0) return undefined;
    throw new ServingError(
      "INVALID_ARGUMENT",
      `tracks has ${count === 1 ? "1 element" : `${count} elements`}, and models of the family ${family} know no names; send ids of items in history, or ask a model of the family cold-start`,
    );
  };
}
