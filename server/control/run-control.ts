import type { ControlMetrics } from "../metrics/control-metrics.ts";
import type { RouterReport } from "../../router/observe/router-report.ts";
import { isSameRouter } from "../../router/observe/namesakes.ts";
import { isSilent } from "../../router/observe/silence.ts";
import { createBeginning, type FirstDocuments } from "./begin-rollouts.ts";
import type { Control } from "./control.ts";
import { createControl, type ControlOptions } from "./create-control.ts";
import type { KeptSnapshot } from "./keep-snapshot.ts";
import { modelFigures } from "./model-figures.ts";
import { repeat } from "./repeat.ts";
import { reportOf, watchReports } from "./reports.ts";
import { createStepper } from "./stepper.ts";
import type { Peers } from "./take-from-peers.ts";
import { watchNamesakes } from "./watch-namesakes.ts";
import type { Watchers } from "./watchers.ts";

export interface RunControlOptions extends ControlOptions {
  readonly first: FirstDocuments;
  readonly snapshot: KeptSnapshot;
  readonly metrics: ControlMetrics;
  readonly signal: AbortSignal;
  readonly watchers: Watchers;
  /** No other process has a part in the store. */
  readonly isAlone: boolean;
  readonly peers: Peers;
  /** Told each time when it has looked what is to be done. */
  readonly looked: () => void;
}

export interface RunningControl {
  readonly control: Control;
  /** Reports and looks at once. */
  now(): void;
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

const everyMs = 1_000;
/** All reports are read for that. */
const namesakesMs = 10_000;
/** So long after a store was emptied, every router that lives has said again what it holds. */
const heardOfAllMs = 2_500;

/** Each second, and when asked: reports, takes steps whose time has come, writes what models begin with. */
export function runControl(options: RunControlOptions): RunningControl {
  const { store, signal } = options;
  const control = createControl(options);
  showFigures(control, options);
  const often = { everyMs, signal };
  const reporting = repeat(() => store.report(control.report()).catch(() => {}), often);
  const looking = repeat(createLook(options), often);
  const namesakes = repeat(watchNamesakes(options), { everyMs: namesakesMs, signal });
  return {
    control,
    now() {
      reporting.now();
      looking.now();
    },
    done: Promise.all([reporting.done, looking.done, namesakes.done]).then(() => {}),
  };
}

function showFigures(
  control: Control,
  { metrics, held, followed, isAlone, nowMs }: RunControlOptions,
): void {
  metrics.show(() => ({
    isStoreUp: followed.isUp(),
    // What nobody else writes is read all the time.
    readMs: isAlone && followed.isUp() ? nowMs() : followed.readMs(),
    models: modelFigures(control.report(), { held, followed }),
  }));
}

/** Of whoever was heard of lately; this router's as of now. */
async function liveReports(options: RunControlOptions): Promise<readonly RouterReport[]> {
  const others = await options.store.reports();
  const live = others.filter((one) => !isSameRouter(one, options) && !isSilent(one));
  return [reportOf(options), ...live];
}

function createLook(options: RunControlOptions): () => Promise<void> {
  const { store, first, snapshot, watchers, log, isAlone, peers, looked } = options;
  const beganMs = performance.now();
  const step = createStepper({ ...options, reports: () => liveReports(options) });
  const writeFirst = createBeginning({ ...options, ...first });
  const watch = watchReports({ store, isWatched: watchers.isWatched, changed: watchers.tell });
  return async () => {
    await step();
    if (!isAlone) await peers.take();
    if (isAlone || performance.now() - beganMs > heardOfAllMs)
      await writeFirst().catch((error: unknown) => log.debug("not begun yet", { error }));
    looked();
    await watch();
    snapshot.changed();
  };
}
