import type { Bundle } from "../../models/bundle/bundle.ts";
import type { Distribution } from "../../router/distribution.ts";
import type { FaultyServer } from "./faulty-server.ts";
import type { Applied } from "./front-router.ts";
import type { Server } from "./server.ts";

/** What a scenario has to do with: processes that run, and calls that go on meanwhile. */
export interface Stage {
  /** Those that can be killed. Empty where the faulty ones play. */
  readonly servers: readonly Server[];
  readonly faulty: readonly FaultyServer[];
  /** The folder that the servers follow, of the one model. */
  readonly models: string;
  /** What version 1 was made of. */
  readonly bundle: Bundle;
  /** What was applied last. */
  readonly document: () => Distribution;
  readonly apply: (document: Distribution) => Promise<Applied>;
  /** Resolves at that share of the run. */
  readonly at: (share: number) => Promise<void>;
}
