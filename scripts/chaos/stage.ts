import type { Bundle } from "../../models/bundle/bundle.ts";
import type { Distribution } from "../../router/distribution.ts";
import type { FaultyServer } from "./faulty-server.ts";
import type { FrontRouter } from "./front-router.ts";
import type { Server } from "./server.ts";
import type { StoreStage } from "./store-stage.ts";

/** What a scenario has to do with: processes that run, and calls that go on meanwhile. */
export interface Stage {
  /** Those that can be killed. Empty where the faulty ones play. */
  readonly servers: readonly Server[];
  readonly faulty: readonly FaultyServer[];
  /** The folder that the servers follow, of the one model. */
  readonly models: string;
  /** What version 1 was made of. */
  readonly bundle: Bundle;
  /** That the calls go to. */
  readonly router: FrontRouter;
  /** What was applied last. */
  readonly document: () => Distribution;
  readonly apply: (document: Distribution) => Promise<void>;
  /** The same, by other means. */
  readonly changing: (document: Distribution, act: () => Promise<unknown>) => Promise<void>;
  /** Where rollouts are kept; only of a scenario that asks for it. */
  readonly store: StoreStage | undefined;
  /** Something that must hold, besides what the calls show. */
  readonly claim: (holds: boolean, otherwise: string) => void;
  /** When the run began. */
  readonly startedMs: number;
  /** Resolves at that share of the run. */
  readonly at: (share: number) => Promise<void>;
}
