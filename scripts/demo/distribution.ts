import type { Distribution } from "../../router/distribution.ts";

/** Nine listeners in ten stay on version 1, the tenth gets version 2; of each model other ones. */
export const demoDistributions: readonly Distribution[] = ["playlists", "tracks"].map((model) => ({
  format: 1,
  model,
  revision: 1,
  salt: model === "playlists" ? "demo" : `demo-${model}`,
  arms: [
    { name: "stable", version: "1", weight: 9_000, ranges: [[0, 9_000]] },
    { name: "canary", version: "2", weight: 1_000, ranges: [[9_000, 10_000]] },
  ],
}));
