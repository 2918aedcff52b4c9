import { characters, Kind } from "./characters.ts";
import type { CodeRange } from "./token-table.ts";

/** BertPreTokenizer: words between blanks, and each sign of punctuation as a word of its own. */
export function splitWords(
  codes: Int32Array,
  count: number,
  onWord: (word: CodeRange) => void,
): void {
  const { kinds } = characters();
  const word: CodeRange = { codes, from: 0, to: 0 };
  const emit = (from: number, to: number): void => {
    if (from === to) return;
    word.from = from;
    word.to = to;
    onWord(word);
  };
  let start = 0;
  for (let at = 0; at < count; at++) {
    const kind = kinds[codes[at]!]!;
    if ((kind & (Kind.separator | Kind.punctuation)) === 0) continue;
    emit(start, at);
    if (kind & Kind.punctuation) emit(at, at + 1);
    start = at + 1;
  }
  emit(start, count);
}
