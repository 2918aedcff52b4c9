/**
 * What the folding of a code point may hold besides letters: what separates words, by what key rules make of it. Below every
 * letter, so that one comparison tells them apart.
 */
export const signs = {
  /** White space and control characters. */
  gap: 1,
  /** Any other punctuation and symbol. All signs from here on are visible. */
  symbol: 2,
  open: 3,
  close: 4,
  dash: 5,
  comma: 6,
  quote: 7,
  dollar: 8,
  exclamation: 9,
  plus: 10,
} as const;

export const firstLetter = 16;
