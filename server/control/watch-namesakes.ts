import { isSameRouter } from "../../router/observe/namesakes.ts";
import { isSilent } from "../../router/observe/silence.ts";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";

export interface WatchNamesakesOptions {
  readonly store: Pick<ControlStore, "reports">;
  readonly router: string;
  readonly instance: string;
  readonly log: Log;
}

/** Logs each other process that lives and has this router's name, once: people could not tell them apart. */
export function watchNamesakes(options: WatchNamesakesOptions): () => Promise<void> {
  const { store, router, log } = options;
  const told = new Set<string | undefined>();
  return async () => {
    const reports = await store.reports().catch(() => []);
    for (const one of reports) {
      const isOther = one.router === router && !isSameRouter(one, options);
      if (!isOther || isSilent(one) || told.has(one.instance)) continue;
      told.add(one.instance);
      const todo = "give each router a name of its own: --router-name";
      log.error("another router has the same name", { router, instance: one.instance, todo });
    }
  };
}
