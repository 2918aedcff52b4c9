import type { PaddingSide } from "../graph/last-position.ts";
import type { BodyInputs } from "../inspect/find-inputs.ts";
import type { PaddingEffects } from "./padding-side.ts";

export interface PaddingChoice {
  readonly side: PaddingSide;
  /** Any length will do: padding changes nothing. Else all sequences are padded to one length, as in training. */
  readonly isFree: boolean;
  readonly reason: string;
}

export interface PaddingClues {
  readonly effects: PaddingEffects;
  readonly inputs: BodyInputs;
  /** The output has every position, so that the last item's may stand anywhere. */
  readonly hasPositions: boolean;
  readonly wanted: PaddingSide | undefined;
}

/** Throws an Error that asks for --padding where the file cannot tell how the model was trained. */
export function choosePadding({
  effects,
  inputs,
  hasPositions,
  wanted,
}: PaddingClues): PaddingChoice {
  const choice = (side: PaddingSide, reason: string): PaddingChoice => ({
    side,
    isFree: effects[side],
    reason,
  });
  const isTold = inputs.mask !== undefined || inputs.lengths !== undefined;
  if (wanted === "right" && !hasPositions && !isTold)
    throw new Error(
      "it answers for the last position alone and is not told where a sequence ends, so it cannot have been padded on the right; export all positions, or give --padding left",
    );
  if (wanted !== undefined) return choice(wanted, "as was said");
  if (effects.left && effects.right) return choice("left", "either side gives the same answers");
  if (effects.left) return choice("left", "padding on the right would change its answers");
  if (effects.right && isTold) return choice("right", "it is told what is padding");
  if (!hasPositions && !isTold) return choice("left", "it answers for the last position");
  throw new Error(
    "the same items get other scores when they are padded on the left than on the right, and the file does not say how the model was trained; say it: --padding left (SASRec and most that pad to a fixed length) or --padding right",
  );
}
