import { setTimeout as delay } from "node:timers/promises";
import { isSilent } from "../../router/observe/silence.ts";
import type { ControlStore, HeardReport } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { FollowedStore } from "./follow-store.ts";
import type { HeldRollouts } from "./held-rollouts.ts";

export interface PeersOptions {
  readonly store: Pick<ControlStore, "reports">;
  readonly followed: Pick<FollowedStore, "isUp" | "stored" | "isUnreadable">;
  readonly held: HeldRollouts;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How long a start waits, and asks again. */
  readonly patience?: Patience;
}

export interface Patience {
  readonly everyMs: number;
  /** For any router to report: each does so every second. */
  readonly heardMs: number;
  /** For one that is named to tell what it holds: two readings of the store show it what was lost. */
  readonly toldMs: number;
}

const usualPatience: Patience = { everyMs: 250, heardMs: 1_500, toldMs: 7_000 };

export interface Peers {
  /** Takes what they tell of models that the store holds nothing of. */
  take(): Promise<void>;
  /** The same for a start: asks again while there is more to come. Settles in bounded time. */
  settle(): Promise<void>;
}

interface Lost {
  readonly model: string;
  readonly revision: number;
  /** Who goes by it. */
  readonly router: string;
}

/**
 * A store that lost its rollouts looks like one that never had any: routers that live say in their reports what they go
 * by. Whoever starts then goes by the same, and not by whatever servers hold.
 */
export function createPeers(options: PeersOptions): Peers {
  const { store, followed, held, log, signal, patience = usualPatience } = options;

  function isLost({ model, revision }: Lost): boolean {
    if (followed.stored(model) !== undefined || followed.isUnreadable(model)) return false;
    return revision > held.revisionOf(model);
  }

  async function takeOf({ router, models }: HeardReport): Promise<void> {
    for (const [model, { rollout }] of Object.entries(models)) {
      if (rollout === undefined) continue;
      const { revision } = rollout.distribution;
      if (!isLost({ model, revision, router })) continue;
      await held.take(rollout);
      log.warn("the store lost a rollout; going by what another router holds", {
        model,
        revision,
        router,
        todo: `crossfade rollout adopt ${model}`,
      });
    }
  }

  /** @returns What is named and not told; undefined: nobody reports. */
  async function look(): Promise<readonly Lost[] | undefined> {
    if (!followed.isUp()) return [];
    const reports = (await store.reports()).filter((report) => !isSilent(report));
    if (reports.length === 0) return undefined;
    for (const report of reports) await takeOf(report);
    const named = reports.flatMap(({ router, models }) =>
      Object.entries(models).map(([model, { revision }]) => ({ model, revision, router })),
    );
    return named.filter(isLost);
  }

  /** With a store that is away there is nobody to hear. */
  const tryLooking = () => look().catch((): readonly Lost[] => []);

  async function settle(): Promise<void> {
    const beganMs = performance.now();
    let isTold = false;
    while (!signal.aborted) {
      const lost = await tryLooking();
      if (lost?.length === 0) return;
      const isOver = performance.now() - beganMs >= patience[lost ? "toldMs" : "heardMs"];
      // Nobody is there: a store that is new.
      if (lost === undefined && (isOver || held.all().length > 0)) return;
      for (const one of isOver || !isTold ? (lost ?? []) : []) tell(one, isOver);
      if (isOver) return;
      isTold = lost !== undefined;
      await delay(patience.everyMs, undefined, { signal }).catch(() => {});
    }
  }

  function tell(lost: Lost, isOver: boolean): void {
    if (isOver) log.error("going on without a rollout that another router goes by", { ...lost });
    else log.warn("the store lost a rollout; waiting for who goes by it to tell", { ...lost });
  }

  return { take: async () => void (await tryLooking()), settle };
}
