import type { AddedToken } from "./settings.ts";

export interface AddedTokens {
  /** The longest added token that the bytes from `at` on begin with. */
  at(bytes: Uint8Array, at: number, end: number): FoundToken | undefined;
}

export interface FoundToken {
  readonly id: number;
  readonly length: number;
}

export function createAddedTokens(tokens: readonly AddedToken[]): AddedTokens {
  const ofFirstByte = new Map<number, (FoundToken & { readonly bytes: Uint8Array })[]>();
  const known = tokens.map(({ content, id }) => {
    const bytes = Buffer.from(content);
    return { id, bytes, length: bytes.length };
  });
  for (const token of known.sort((a, b) => b.length - a.length)) {
    const first = token.bytes[0]!;
    ofFirstByte.set(first, [...(ofFirstByte.get(first) ?? []), token]);
  }
  return {
    at: (name, at, end) =>
      ofFirstByte
        .get(name[at]!)
        ?.find(
          ({ bytes, length }) =>
            at + length <= end && bytes.every((byte, i) => name[at + i] === byte),
        ),
  };
}
