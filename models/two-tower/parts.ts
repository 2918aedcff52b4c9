import { rankingParts } from "../ranking/parts.ts";

/** The parts of a two-tower bundle, by the names that its manifest uses. */
export const twoTowerParts = {
  ...rankingParts,
  itemVectors: "item-vectors",
  userVectors: "user-vectors",
} as const;
