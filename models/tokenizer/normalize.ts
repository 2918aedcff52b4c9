import { characters, Kind } from "./characters.ts";

export interface NormalizerSettings {
  /** Control characters go, whatever is blank becomes a space. */
  readonly cleanText: boolean;
  /** Each ideograph is a word of its own. */
  readonly handleChinese: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

/** Turns code points [0, count) into others, into `into`, which has room for `growth` times as many. Returns how many. */
export type Normalize = (from: Int32Array, count: number, into: Int32Array) => number;

/** At most so many code points come of one: two spaces around it, and it in its parts. */
export const growth = 6;

const space = 0x20;

/**
 * BertNormalizer, code point by code point. Marks that stay on a letter although accents are stripped (some hundred rare ones that its tables
 * do not know) stand in the order of the name, where Unicode would sort them.
 */
export function createNormalizer(settings: NormalizerSettings): Normalize {
  const known = characters();
  const { kinds } = known;
  const asked =
    (settings.cleanText ? Kind.removed | Kind.blank : 0) |
    (settings.handleChinese ? Kind.ideograph : 0) |
    (settings.stripAccents ? Kind.stripped : 0) |
    (settings.lowercase ? Kind.lowered : 0);
  const { lowercase } = settings;

  const write = (code: number, into: Int32Array, at: number): number => {
    if (!lowercase || (kinds[code]! & Kind.lowered) === 0) {
      into[at] = code;
      return at + 1;
    }
    for (const lower of known.lowered(code)) into[at++] = lower;
    return at;
  };
  return (from, count, into) => {
    let at = 0;
    for (let i = 0; i < count; i++) {
      const code = from[i]!;
      const kind = kinds[code]! & asked;
      if (kind === 0) into[at++] = code;
      else if (kind & Kind.removed) continue;
      else if (kind & Kind.blank) into[at++] = space;
      else {
        const isApart = (kind & Kind.ideograph) !== 0;
        if (isApart) into[at++] = space;
        if ((kind & Kind.stripped) === 0) at = write(code, into, at);
        else for (const part of known.stripped(code)) at = write(part, into, at);
        if (isApart) into[at++] = space;
      }
    }
    return at;
  };
}
