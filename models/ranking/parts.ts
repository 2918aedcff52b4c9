/** The parts that bundles of every ranking family have, by the names that their manifests use. */
export const rankingParts = {
  items: "items",
  /** Absent where the model knows nobody. */
  users: "users",
  popularity: "popularity",
  /** The role of a variant's one graph. */
  graphRole: "main",
} as const;
