import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlStore } from "../../router/store/control-store.ts";
import type { RouterReport } from "../../router/observe/router-report.ts";
import type { Log } from "../log/log.ts";
import type { ControlMetrics, ModelFigures } from "../metrics/control-metrics.ts";
import { parseDistributions } from "../routing/parse-distributions.ts";
import { settlesWithin } from "../settles-within.ts";
import { createBeginning, holdFirst, type FirstDocuments } from "./begin-rollouts.ts";
import type { Control } from "./control.ts";
import {
  createControl,
  createWatchers,
  type ControlOptions,
  type Watchers,
} from "./create-control.ts";
import { followStore, type FollowedStore } from "./follow-store.ts";
import { holdRollouts } from "./held-rollouts.ts";
import { keepSnapshot, takeSnapshot, type KeptSnapshot } from "./keep-snapshot.ts";
import { repeat } from "./repeat.ts";
import { watchReports } from "./reports.ts";
import type { Routed } from "./routed.ts";
import { createStepper } from "./stepper.ts";

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
const everyMs = 1_000;
/** So long after a store was emptied, every router that lives has said again what it holds. */
const heardOfAllMs = 2_500;
const leaveMs = 1_000;
const nowMs = Date.now;

/** What is routed by: the store's rollouts; while it cannot be read, the snapshot's; else the documents to begin with. */
export async function openControl(
  settings: ControlSettings,
  parts: ControlParts,
): Promise<OpenControl> {
  const { store, routed, metrics, log } = parts;
  const first = await readFirst(settings.distributions);
  const stopping = new AbortController();
  const { signal } = stopping;
  const watchers = createWatchers();
  const held = holdRollouts(routed, ({ distribution, changed: { by } }) => {
    const { model, revision } = distribution;
    if (revision > 0) log.info("rollout applied", { model, revision, by });
    changed();
  });
  const kept = { path: join(settings.state, "snapshot.json"), held, log };
  const snapshot = keepSnapshot(kept);
  let running: Running | undefined;
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
  await holdFirst(held, first);

  return {
    begin(router) {
      const own = { ...parts, held, followed, nowMs, watchers, changed, router };
      running = run(settings, { ...own, first, snapshot, signal, looked });
      return running.control;
    },
    begun,
    async close() {
      stopping.abort();
      await Promise.all([followed.done, running?.done, snapshot.done()]);
      if (running !== undefined && followed.isUp())
        await settlesWithin(
          leaveMs,
          store.leave(running.control.router).catch(() => {}),
        );
      await store.close();
    },
  };
}

interface RunParts extends ControlOptions {
  readonly first: FirstDocuments;
  readonly snapshot: KeptSnapshot;
  readonly metrics: ControlMetrics;
  readonly signal: AbortSignal;
  readonly watchers: Watchers;
  /** Told each time when it has looked what is to be done. */
  readonly looked: () => void;
}

interface Running {
  readonly control: Control;
  /** Reports and looks at once. */
  now(): void;
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

function run(settings: ControlSettings, parts: RunParts): Running {
  const { store, followed, first, snapshot, metrics, signal, watchers, log, looked } = parts;
  const control = createControl(parts);
  // Nobody but this process writes an embedded store: it is read all the time.
  const readMs = () =>
    settings.store === undefined && followed.isUp() ? nowMs() : followed.readMs();
  metrics.show(() => ({
    isStoreUp: followed.isUp(),
    readMs: readMs(),
    models: modelFigures(control.report(), followed),
  }));
  const begunMs = performance.now();
  const step = createStepper(parts);
  const writeFirst = createBeginning({ ...parts, ...first });
  const watch = watchReports({ store, isWatched: watchers.isWatched, changed: watchers.tell });

  async function look(): Promise<void> {
    await step();
    if (settings.store === undefined || performance.now() - begunMs > heardOfAllMs)
      await writeFirst().catch((error: unknown) => log.debug("not begun yet", { error }));
    looked();
    await watch();
    snapshot.changed();
  }

  const often = { everyMs, signal };
  const reporting = repeat(() => store.report(control.report()).catch(() => {}), often);
  const looking = repeat(look, often);
  return {
    control,
    now() {
      reporting.now();
      looking.now();
    },
    done: Promise.all([reporting.done, looking.done]).then(() => {}),
  };
}

async function readFirst(file: string | undefined): Promise<FirstDocuments> {
  if (file === undefined) return { documents: [], file: "" };
  return { documents: parseDistributions(await readFile(file, "utf8"), file), file };
}

function modelFigures({ models }: RouterReport, followed: FollowedStore): readonly ModelFigures[] {
  return Object.entries(models).map(([model, { observed, lowered }]) => {
    const arms = Object.entries(observed.arms);
    const rows = arms.reduce((sum, [, arm]) => sum + arm.rows, 0);
    return {
      model,
      storeRevision: followed.stored(model)?.distribution.revision,
      contradictions: observed.contradictions,
      shares: new Map(rows === 0 ? [] : arms.map(([name, arm]) => [name, arm.rows / rows])),
      lowered: new Map(lowered ? [[lowered.arm, lowered.weight]] : []),
    };
  });
}
