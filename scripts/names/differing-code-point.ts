import { foldedCodes } from "../../models/names/fold-table.ts";
import { foldOf } from "./fold-rules.ts";

/** The first code point that the table in the tree folds otherwise than the rules do; undefined: there is none. */
export function differingCodePoint(): number | undefined {
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    const isSurrogate = codePoint >= 0xd800 && codePoint < 0xe000;
    if (!isSurrogate && String(foldedCodes(codePoint)) !== String(foldOf(codePoint)))
      return codePoint;
  }
  return undefined;
}
