import type { Quality } from "../bundle/passport.ts";
import type { Probe } from "./probe.ts";
import type { Top } from "./top.ts";

/** Hit rate and NDCG at 10, with the one kept choice as the relevant item. */
export function qualityOf(probes: readonly Pick<Probe, "next">[], tops: readonly Top[]): Quality {
  let hits = 0;
  let gain = 0;
  probes.forEach(({ next }, i) => {
    const rank = tops[i]!.ids.subarray(0, 10).indexOf(next);
    if (rank < 0) return;
    hits += 1;
    gain += 1 / Math.log2(rank + 2);
  });
  return { hr10: hits / probes.length, ndcg10: gain / probes.length };
}
