import type { VariantDraft } from "../../bundle/write-bundle.ts";
import { twoTowerParts } from "../parts.ts";
import { measuredAgainst } from "./measured.ts";
import type { Trial } from "./try-out.ts";
import type { QuantizedParts } from "./write-quantized.ts";

/** Written by whoever knows the ids. */
const idParts: readonly string[] = [twoTowerParts.items, twoTowerParts.users];
const sharedParts: readonly string[] = [
  twoTowerParts.popularity,
  twoTowerParts.itemVectors,
  twoTowerParts.userVectors,
];

export function draftVariant(own: QuantizedParts, trial: Trial, fp32: Trial): VariantDraft {
  return {
    graphs: { [twoTowerParts.graphRole]: own.graph.name },
    parts: [...idParts, ...sharedParts, ...own.weights.map(({ name }) => name)],
    passport: {
      warm: measuredAgainst(fp32.warm, trial.warm),
      cold: measuredAgainst(fp32.cold, trial.cold),
      latency: trial.latency,
    },
  };
}

/** The parts that an export writes for its variants. */
export function partsOf(variants: readonly VariantDraft[]): readonly string[] {
  const names = variants.flatMap(({ graphs, parts }) => [...Object.values(graphs), ...parts]);
  return [...new Set(names)].filter((name) => !idParts.includes(name));
}
