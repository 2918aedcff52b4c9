import { setTimeout as delay } from "node:timers/promises";
import type { Backend } from "../../backends/backend.ts";
import type { Popular } from "../../backends/popular/popular.ts";

export interface FollowPopularOptions {
  readonly popular: Popular;
  readonly source: Backend;
  readonly models: () => readonly string[];
  readonly signal: AbortSignal;
}

const firstMs = 500;
const everyMs = 30_000;

/** Soon after the start, and then now and again: popularity changes slowly. */
export async function followPopular(options: FollowPopularOptions): Promise<void> {
  const { popular, source, models, signal } = options;
  const sleep = (ms: number) => delay(ms, true, { signal, ref: false }).catch(() => false);
  const isKnown = (model: string) => popular.backend.isReady(model, "");
  while (await sleep(models().every(isKnown) && models().length > 0 ? everyMs : firstMs)) {
    await popular.refresh(source, [...new Set(models())]);
  }
}
