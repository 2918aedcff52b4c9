import type { Distribution } from "../../router/distribution.ts";

/** Nine listeners in ten stay on version 1, the tenth gets version 2. */
export const demoDistribution: Distribution = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "demo",
  arms: [
    { name: "stable", version: "1", weight: 9_000, ranges: [[0, 9_000]] },
    { name: "canary", version: "2", weight: 1_000, ranges: [[9_000, 10_000]] },
  ],
};
