import type { Distribution } from "./distribution.ts";
import { reweigh } from "./reweigh.ts";

/** Arms named in order, with versions "1", "2", …; the first one starts with every bucket. */
export function distributionOf(
  weights: Readonly<Record<string, number>>,
  others: Partial<Distribution> = {},
): Distribution {
  const arms = Object.keys(weights).map((name, i) => ({
    name,
    version: `${i + 1}`,
    weight: i === 0 ? 10_000 : 0,
    ranges: i === 0 ? [[0, 10_000] as const] : [],
  }));
  return {
    format: 1,
    model: "toy",
    revision: 1,
    salt: "blend",
    arms: reweigh({ arms }, weights),
    ...others,
  };
}
