import type { Distribution } from "../../router/distribution.ts";

const stable = { name: "stable", version: "1" };

/** Nine listeners in ten stay on version 1, the tenth gets version 2; of each model other ones. */
const rolledOut = ["playlists", "tracks"].map((model): Distribution => ({
  format: 1,
  model,
  revision: 1,
  salt: model === "playlists" ? "demo" : `demo-${model}`,
  arms: [
    { ...stable, weight: 9_000, ranges: [[0, 9_000]] },
    { name: "canary", version: "2", weight: 1_000, ranges: [[9_000, 10_000]] },
  ],
}));

export const demoDistributions: readonly Distribution[] = [
  ...rolledOut,
  {
    format: 1,
    model: "songs",
    revision: 1,
    salt: "demo-songs",
    arms: [{ ...stable, weight: 10_000, ranges: [[0, 10_000]] }],
  },
];
