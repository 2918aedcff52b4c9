import { spread } from "../ranking/spread.ts";

/** At most so many of a list, spread over all of it. */
export function evenly<One>(list: readonly One[], most: number): readonly One[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[spread(i, most, list.length)]!);
}
