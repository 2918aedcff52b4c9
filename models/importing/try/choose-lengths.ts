import type { BodyInputs } from "../inspect/find-inputs.ts";
import type { ItemIds } from "../inspect/item-ids.ts";
import { lengthsFor } from "../../sequence/export/lengths.ts";
import type { PaddingChoice } from "./choose-padding.ts";

export interface LengthClues {
  readonly inputs: BodyInputs;
  /** That the body runs on; undefined: any. */
  readonly longest: number | undefined;
  readonly padding: Pick<PaddingChoice, "isFree" | "side">;
  readonly ids: ItemIds;
  readonly items: number;
  readonly wanted: number | undefined;
}

/** For a body without an end, where nobody says. */
const standardLength = 200;
/** A bundle names no more lengths. */
const mostLengths = 64;

/** What sequences are padded to. Throws an Error where that cannot be known. */
export function chooseLengths(clues: LengthClues): readonly number[] {
  const { inputs, longest, padding, ids, items, wanted } = clues;
  if (wanted !== undefined && longest !== undefined && wanted > longest)
    throw new Error(`--max-length is ${wanted}, and the model takes ${longest} ids at most`);
  if (inputs.sequence.length !== undefined) return [inputs.sequence.length];
  const most = wanted ?? longest ?? standardLength;
  if (padding.isFree) return lengthsFor(most);
  const paddingIsItem = ids.paddingId >= ids.firstId && ids.paddingId < ids.firstId + items;
  if (paddingIsItem) return everyLength(most);
  if (wanted === undefined && longest === undefined)
    throw new Error(
      "its answers depend on how much padding there is, so sequences must be padded to the length that it was trained with, and the file does not tell it; say it: --max-length N",
    );
  return [most];
}

/** Nothing is padded where no id is left for padding. */
function everyLength(most: number): readonly number[] {
  if (most <= mostLengths) return Array.from({ length: most }, (_, i) => i + 1);
  throw new Error(
    `every id is an item, so sequences cannot be padded, and up to ${most} lengths are too many to serve each on its own; export it with an id for padding or with an attention mask, or give --max-length ${mostLengths}`,
  );
}
