import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { bucketCount } from "../../router/bucket.ts";
import type { Distribution } from "../../router/distribution.ts";
import { lowerDistribution, type Lowered } from "../../router/lowered-distribution.ts";
import { readLowered, writeLowered } from "../../router/store/lowered-file.ts";
import type { Log } from "../log/log.ts";
import type { Routed } from "./routed.ts";

export interface KeepLoweredOptions {
  readonly path: string;
  readonly routed: Routed;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly log: Log;
}

export interface KeptLowered {
  /** What it lowers is on the disk as well. */
  readonly routed: Routed;
  /** That is routed by now: what it ended is forgotten. */
  took(distribution: Distribution): void;
  /** Once models are held: lowers what was lowered when this router ran last, until its end. */
  restore(): Promise<void>;
  /** Resolves when nothing is being written. */
  done(): Promise<void>;
}

/** What this router alone makes less of, through its restarts: that is for when the store is down, which may be then too. */
export function keepLowered({ path, routed, nowMs, log }: KeepLoweredOptions): KeptLowered {
  const byModel = new Map<string, Lowered>();
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const left = [...byModel].filter(([, { untilMs }]) => untilMs > nowMs());
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeLowered(
        path,
        left.map(([model, lowered]) => ({ ...lowered, model })),
      );
    } catch (error) {
      log.error("what is lowered was not written; a restart would end it", { path, error });
    }
  }

  /** One after the other. */
  function changed(): Promise<void> {
    return (writing = writing.then(write));
  }

  async function lower(model: string, lowered: Lowered): Promise<void> {
    await routed.lower(model, lowered);
    if (lowered.weight === bucketCount) byModel.delete(model);
    else byModel.set(model, lowered);
  }

  async function lowerAgain(model: string, lowered: Lowered): Promise<void> {
    const { arm, weight, by } = lowered;
    const until = new Date(lowered.untilMs).toISOString();
    const about = { model, arm, weight, until, by };
    try {
      await lower(model, lowered);
      log.warn("arm lowered on this router alone, as before it restarted", about);
    } catch (error) {
      log.warn("arm is no longer lowered on this router", { ...about, error });
    }
  }

  return {
    routed: {
      ...routed,
      async lower(model, lowered) {
        await lower(model, lowered);
        await changed();
      },
    },
    took(distribution) {
      const lowered = byModel.get(distribution.model);
      if (lowered === undefined || lowerDistribution(distribution, lowered) !== undefined) return;
      byModel.delete(distribution.model);
      void changed();
    },
    async restore() {
      try {
        for (const { model, ...lowered } of await readLowered(path))
          if (lowered.untilMs > nowMs()) await lowerAgain(model, lowered);
      } catch (error) {
        log.error("what was lowered is not known; going on without it", { path, error });
      }
    },
    done: () => writing,
  };
}
