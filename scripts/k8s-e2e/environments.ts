import { join } from "node:path";
import { chart } from "./cluster.ts";

/** A release in a namespace of its own, by the overlay of its name. */
export interface Environment {
  readonly name: string;
  readonly values: string;
}

export const environments: readonly Environment[] = ["staging", "canary", "production"].map(
  (name) => ({ name, values: join(chart, `values-${name}.yaml`) }),
);

export const release = "crossfade";
