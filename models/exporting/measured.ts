import type { Measured } from "../bundle/passport.ts";
import { agreementOf } from "./agreement.ts";
import type { Showing } from "./try-out.ts";

/** A showing as a passport tells it, beside that of fp32. */
export function measuredAgainst(reference: Showing, showing: Showing): Measured {
  return {
    users: showing.tops.length,
    metrics: showing.quality,
    agreement: agreementOf(reference.tops, showing.tops),
  };
}
