import { Random } from "../../models/random.ts";

export type SideName = "a" | "b";

/** Which side runs first in each round: half of them either, by the seed's chance, so that no drift favours a side. */
export function firstSides(rounds: number, seed: number): SideName[] {
  const random = new Random(seed);
  const extra: SideName = random.share() < 0.5 ? "a" : "b";
  const order = Array.from({ length: rounds }, (_, round): SideName => {
    if (round === rounds - 1 && rounds % 2 === 1) return extra;
    return round % 2 === 0 ? "a" : "b";
  });
  for (let at = rounds - 1; at > 0; at--) {
    const other = Math.floor(random.share() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
