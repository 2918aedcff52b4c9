import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { Log } from "../log/log.ts";
import type { ControlMetrics } from "../metrics/control-metrics.ts";
import { settlesWithin } from "../settles-within.ts";
import { holdFirst, readFirst } from "./begin-rollouts.ts";
import type { Control } from "./control.ts";
import { keepLowered } from "./keep-lowered.ts";
import { followStore } from "./follow-store.ts";
import { holdRollouts } from "./held-rollouts.ts";
import { keepSnapshot, takeSnapshot } from "./keep-snapshot.ts";
import type { Routed } from "./routed.ts";
import { runControl, type RunningControl } from "./run-control.ts";
import { createPeers } from "./take-from-peers.ts";
import { createWatchers } from "./watchers.ts";

export interface ControlSettings {
  /** Folder of the snapshot. */
  readonly state: string;
  /** Absent: other processes have no part in the store. */
  readonly store?: string | undefined;
  /** File of documents to begin with. */
  readonly distributions?: string | undefined;
}

export interface ControlParts {
  /** Belongs to the control from now on. */
  readonly store: ControlStore;
  readonly routed: Routed;
  readonly metrics: ControlMetrics;
  readonly log: Log;
}

/** Rollouts are held, and calls may come. */
export interface OpenControl {
  /** From now on the router of this name reports, takes steps, and writes what its models begin with. */
  begin(router: string): Control;
  /** Settles when what models begin with was written, if that could be done at once. */
  readonly begun: Promise<void>;
  /** Ends what `begin` began, and the following; closes the store last. */
  close(): Promise<void>;
}

/** Calls do not wait longer than that for a store that does not answer. */
const firstReadMs = 1_000;
const leaveMs = 1_000;
const nowMs = Date.now;

/** What is routed by: the store's rollouts; while it cannot be read, the snapshot's; else the documents to begin with. */
export async function openControl(
  settings: ControlSettings,
  parts: ControlParts,
): Promise<OpenControl> {
  const { store, routed, metrics, log } = parts;
  const first = await readFirst(settings.distributions);
  const instance = randomUUID();
  const stopping = new AbortController();
  const { signal } = stopping;
  const watchers = createWatchers();
  const loweredPath = join(settings.state, "lowered.json");
  const lowering = keepLowered({ path: loweredPath, routed, nowMs, log });
  const held = holdRollouts(routed, ({ distribution, changed: { by } }) => {
    const { model, revision } = distribution;
    lowering.took(distribution);
    if (revision > 0) log.info("rollout applied", { model, revision, by });
    changed();
  });
  const kept = { path: join(settings.state, "snapshot.json"), store: store.name, held, log };
  const snapshot = keepSnapshot(kept);
  let running: RunningControl | undefined;
  let looked!: () => void;
  const begun = new Promise<void>((resolve) => (looked = resolve));

  function changed(): void {
    snapshot.changed();
    running?.now();
    watchers.tell();
  }

  await takeSnapshot(kept);
  const { refused } = metrics;
  const followed = followStore({ store, held, log, signal, nowMs, refused, changed });
  await settlesWithin(firstReadMs, followed.firstRead);
  const isAlone = settings.store === undefined;
  const peers = createPeers({ store, followed, held, log, signal });
  if (!isAlone) await peers.settle();
  await holdFirst(held, first);
  await lowering.restore();

  return {
    begin(router) {
      const own = { ...parts, routed: lowering.routed, router, instance };
      const beganMs = performance.now();
      const known = { held, followed, nowMs, watchers, changed, beganMs };
      running = runControl({ ...own, ...known, first, snapshot, signal, isAlone, peers, looked });
      return running.control;
    },
    begun,
    async close() {
      stopping.abort();
      await Promise.all([followed.done, running?.done, snapshot.done(), lowering.done()]);
      if (running !== undefined && followed.isUp())
        await settlesWithin(
          leaveMs,
          store.leave(running.control.router, instance).catch(() => {}),
        );
      await store.close();
    },
  };
}
