import { createNameKey } from "../../models/names/name-key.ts";
import { readNames, type NamedTrack } from "../../models/names/read-names.ts";
import type { Closeness } from "../../models/names/title-key.ts";
import { createTrackName } from "../../models/names/track-name.ts";

/** Where in a list the items are that a track names; none for a track without a title. */
export type Namesakes = (named: NamedTrack) => readonly number[];

const nowhere: readonly number[] = [];
const name = createTrackName();
const key = createNameKey();

/** Finds items as a model's `NameIndex` does, had its catalogue only these. */
export function createNamesakes(items: readonly NamedTrack[]): Namesakes {
  const chains = new Map<string, Set<number>>();
  items.forEach((item, place) => {
    if (item.title === "") return;
    readNames(name, item);
    for (const closeness of ["close", "loose"] as const) {
      const text = keyText(closeness);
      chains.set(text, (chains.get(text) ?? new Set()).add(place));
    }
  });
  return (named) => {
    if (named.title === "") return nowhere;
    readNames(name, named);
    const chain = chains.get(keyText("close")) ?? chains.get(keyText("loose"));
    return chain === undefined ? nowhere : [...chain];
  };
}

/** Of the name that was read last. */
function keyText(closeness: Closeness): string {
  key.write(name, closeness);
  return Buffer.from(key.bytes.buffer, key.bytes.byteOffset, key.length).toString("utf8");
}
