import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { parseDistributions } from "./parse-distributions.ts";
import type { Log } from "../log/log.ts";
import type { Router } from "../../router/router.ts";

export interface FollowDistributionsOptions {
  readonly file: string;
  readonly router: Pick<Router, "apply">;
  readonly log: Log;
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

export interface FollowedDistributions {
  /** Applies what the file holds; rejects when it cannot be used. */
  read(): Promise<void>;
  /** Goes on until the signal aborts. What cannot be used is logged once, and the last good documents stay. */
  follow(): Promise<void>;
}

export function followDistributions(options: FollowDistributionsOptions): FollowedDistributions {
  const { file, router, log, pollMs, signal } = options;
  let seen: string | undefined;

  async function read(): Promise<void> {
    const json = await readFile(file, "utf8");
    if (json === seen) return;
    seen = json;
    for (const document of parseDistributions(json, file)) {
      const { model, revision } = document;
      if (router.apply(document)) log.info("distribution applied", { model, revision, file });
    }
  }

  return {
    read,
    async follow() {
      while (await delay(pollMs, true, { signal, ref: false }).catch(() => false)) {
        await read().catch((error: unknown) =>
          log.error("distribution not applied; what holds stays", { file, error }),
        );
      }
    },
  };
}
