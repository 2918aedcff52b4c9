import type { NormalizerSettings } from "./normalize.ts";
import type { WordPieceSettings } from "./word-pieces.ts";

/** All that a `tokenizer.json` says of how names become tokens. */
export interface TokenizerSettings {
  readonly normalizer: NormalizerSettings;
  readonly wordPieces: WordPieceSettings;
  readonly addedTokens: readonly AddedToken[];
  /** What two names become together. */
  readonly pair: readonly TemplatePiece[];
  /** Stands where a list of tokens is over and others are not. */
  readonly paddingId: number;
  /** All ids lie below. */
  readonly idCount: number;
}

/** Found in the name as it was written, before all else. */
export interface AddedToken {
  readonly content: string;
  readonly id: number;
}

export type TemplatePiece =
  | { readonly kind: "name"; readonly which: "first" | "second"; readonly type: TokenType }
  | { readonly kind: "ids"; readonly ids: readonly number[]; readonly type: TokenType };

/** Encoders have two: of the first name of a pair, and of the second. */
export type TokenType = 0 | 1;
