/** The parts of a two-tower bundle, by the names that its manifest uses. */
export const twoTowerParts = {
  items: "items",
  users: "users",
  popularity: "popularity",
  itemVectors: "item-vectors",
  userVectors: "user-vectors",
  /** The role of a variant's one graph. */
  graphRole: "main",
} as const;
