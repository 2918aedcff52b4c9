import type { Random } from "../../models/random.ts";
import { genres } from "./genres.ts";
import type { Genre } from "./genres.ts";

/** What a playlist, an artist or a listener is mostly about, e.g. "Doom Metal". */
export interface Style {
  readonly index: number;
  readonly name: string;
  readonly genre: Genre;
}

export const styles: readonly Style[] = genres
  .flatMap((genre) => genre.styles.map((name) => ({ name, genre })))
  .map((style, index) => ({ ...style, index }));

/**
 * Styles in turn, as often as their genre weighs, well mixed: entity i has style `cycle[i % cycle.length]`, so that the
 * members of a style are known without a list of them, however many there are.
 */
const cycle: readonly number[] = interleave(styles.map((style) => style.genre.weight));

const placesInCycle: readonly (readonly number[])[] = styles.map(({ index }) =>
  [...cycle.keys()].filter((place) => cycle[place] === index),
);

const stylesOfGenre = new Map(
  genres.map(({ name }) => [name, styles.filter(({ genre }) => genre.name === name)]),
);

const sisters: readonly (readonly Style[])[] = styles.map((style) =>
  stylesOfGenre.get(style.genre.name)!.filter((other) => other !== style),
);

export function styleOf(entity: number): Style {
  return styles[cycle[entity % cycle.length]!]!;
}

export interface Draw {
  readonly random: Random;
  /** Default false: all alike. True: a lower index is more popular. */
  readonly skewed?: boolean;
}

/** One of `count` entities that has this style; any of them when they are so few that none has it. */
export function memberOf(style: Style, count: number, { random, skewed = false }: Draw): number {
  const places = placesInCycle[style.index]!;
  const rounds = Math.floor(count / cycle.length);
  let members = rounds * places.length;
  for (const place of places) if (place < count % cycle.length) members += 1;
  if (members === 0) return random.below(count);
  const share = random.share();
  const member = Math.floor((skewed ? share * share : share) * members);
  return Math.floor(member / places.length) * cycle.length + places[member % places.length]!;
}

/** Another style of the same genre. */
export function sisterOf(style: Style, random: Random): Style {
  return pick(sisters[style.index]!, random);
}

/** A style of a genre that its listeners also like. */
export function neighbourOf(style: Style, random: Random): Style {
  return pick(stylesOfGenre.get(pick(style.genre.near, random))!, random);
}

export function pick<T>(list: readonly T[], random: Random): T {
  return list[random.below(list.length)]!;
}

/** Each turn goes to whoever is furthest behind its share. */
function interleave(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credit = weights.map(() => 0);
  return Array.from({ length: total }, () => {
    weights.forEach((weight, i) => (credit[i]! += weight));
    const turn = credit.indexOf(Math.max(...credit));
    credit[turn]! -= total;
    return turn;
  });
}
