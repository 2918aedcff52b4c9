import { Code } from "../../proto/serving-error.ts";
import type { Unreadable } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { Refused } from "./refused.ts";

export interface WatchUnreadableOptions {
  readonly log: Log;
  readonly refused: Refused;
}

const advice = {
  invalid: "remove its key from the store, then crossfade rollout adopt writes what routers hold",
  newer_format: "upgrade this router, or write with the version that it runs",
};

/** Tells once of each rollout that cannot be read, however often it is tried. */
export function watchUnreadable({ log, refused }: WatchUnreadableOptions) {
  let told: ReadonlyMap<string, string> = new Map();
  return {
    is: (model: string) => told.has(model),
    read(unreadable: readonly Unreadable[]): void {
      const before = told;
      told = new Map(unreadable.map(({ model, why }) => [model, why.message]));
      for (const { model, why } of unreadable) {
        if (before.get(model) === why.message) continue;
        const kind = why.code === Code.FAILED_PRECONDITION ? "newer_format" : "invalid";
        refused(model, kind);
        log.error("rollout cannot be read; what holds stays", {
          model,
          why: why.message,
          todo: advice[kind],
        });
      }
    },
  };
}
