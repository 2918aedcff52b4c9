import type { Distribution } from "../../router/distribution.ts";
import { reweigh } from "../../router/reweigh.ts";

export const model = "playlists";

/** Version 1 and version 2, the canary, which has a fifth of the users. */
export function firstDocument(): Distribution {
  const stable = { name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] } as const;
  const canary = { name: "canary", version: "2", weight: 0, ranges: [] };
  const document: Distribution = {
    format: 1,
    model,
    revision: 1,
    salt: "chaos",
    arms: [stable, canary],
  };
  return { ...weighed(document, 2_000), revision: 1 };
}

/** The next revision, in which the canary has that many basis points. */
export function weighed(document: Distribution, canary: number): Distribution {
  const arms = reweigh(document, { stable: 10_000 - canary, canary });
  return { ...document, revision: document.revision + 1, arms };
}

/** The next revision, in which the arm has that version. */
export function moved(document: Distribution, arm: string, version: string): Distribution {
  const arms = document.arms.map((one) => (one.name === arm ? { ...one, version } : one));
  return { ...document, revision: document.revision + 1, arms };
}
