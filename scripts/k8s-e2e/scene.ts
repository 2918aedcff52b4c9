import type { Cluster } from "./cluster.ts";

/** One thing that is shown. Those before it have been played. */
export interface Scene {
  readonly name: string;
  /** What must hold. */
  readonly about: string;
  /** Resolves to what was seen; rejects with what did not hold. */
  play(cluster: Cluster): Promise<string>;
}
