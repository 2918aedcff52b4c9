/** The parts of a bundle that find items by name, as its manifest calls them. */
export const nameParts = {
  /** An id index of keys. */
  names: "names",
  /** The items of each key, `Chains`. */
  chains: "name-chains",
} as const;
