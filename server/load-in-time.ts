import { type Clock, systemClock } from "../backends/clock.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Log } from "./log/log.ts";
import type { Load, LoadedVersion } from "./model-version.ts";

export interface LoadInTimeOptions {
  readonly timeoutMs: number;
  readonly log: Log;
  readonly clock?: Clock;
}

const stuck =
  "a load takes too long and is left to itself; if it never ends, only a restart frees its threads";

/**
 * A load that rejects when it is not over in time, so that one graph that never ends its warm-up does not keep all later
 * versions out. The load itself may go on, since a thread inside a graph cannot be stopped; what comes of it is closed.
 */
export function loadInTime(
  load: Load,
  { timeoutMs, log, clock = systemClock }: LoadInTimeOptions,
): Load {
  return (dir, options) => {
    const late = new AbortController();
    const signal = AbortSignal.any([options.signal, late.signal]);
    const loading = load(dir, { ...options, signal });
    const giveUp = () => {
      late.abort();
      log.error(stuck, { dir });
      void closeIfLoaded(loading);
    };
    return new Promise((resolve, reject) => {
      const cancelTimer = clock.at(clock.now() + timeoutMs, () => {
        giveUp();
        reject(tooSlow(dir, timeoutMs));
      });
      void loading.then(resolve, reject).finally(cancelTimer);
    });
  };
}

async function closeIfLoaded(loading: Promise<LoadedVersion>): Promise<void> {
  const loaded = await loading.catch(() => undefined);
  await loaded?.backend.close();
}

function tooSlow(dir: string, timeoutMs: number): ServingError {
  return new ServingError(
    "DEADLINE_EXCEEDED",
    `${dir} was not loaded and warm within loadTimeoutMs (${timeoutMs}): check its graph, or allow more time`,
  );
}
