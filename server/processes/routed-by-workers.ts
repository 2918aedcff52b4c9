import { systemClock } from "../../backends/clock.ts";
import { createAssignments } from "../../router/assignments.ts";
import { modelReport } from "../../router/observe/model-report.ts";
import type { ModelReport } from "../../router/observe/router-report.ts";
import type { Routed } from "../control/routed.ts";
import { settlesWithin } from "../settles-within.ts";
import { addSeen, joinReports, type Seen } from "./join-reports.ts";
import type { ModelReports, RoutedState, ToWorker } from "./messages.ts";
import type { Worker } from "./worker.ts";

/** The routers of all workers as one. */
export interface RoutedByWorkers extends Routed {
  /** What a worker that starts now begins with. */
  readonly state: () => RoutedState;
  /** A worker reported, or is gone. */
  readonly changed: () => void;
  /** What it saw still counts. */
  died(worker: Pick<Worker, "models">): void;
  close(): void;
}

/** A worker that has not said by then that it routes by a change hangs; reports tell that it is behind. */
const patienceMs = 2_000;

type Hearing = Pick<Worker, "addresses" | "models" | "tell">;

/** @param workers Those that live. */
export function routedByWorkers(workers: () => readonly Hearing[]): RoutedByWorkers {
  // What each worker's router makes of the same documents: whatever it would refuse is refused here.
  const assignments = createAssignments({
    meter: { applied: () => {} },
    clock: systemClock,
    nowMs: Date.now,
  });
  const gone = new Map<string, Seen>();
  const { tellAll, listening, changed } = createTelling(workers);

  function reportOf(model: string): ModelReport {
    const { document, appliedAtMs } = assignments.held(model)!;
    const nothing: ModelReport = {
      revision: document.revision,
      appliedAtMs,
      observed: { arms: {}, contradictions: 0 },
      load: {},
    };
    // One that has said nothing of it may route without it.
    const silent: ModelReport = { ...nothing, revision: 0 };
    const [first, ...others] = listening().map(
      (worker) => modelReport(worker.models(), model) ?? silent,
    );
    return first === undefined ? nothing : joinReports([first, ...others], gone.get(model));
  }

  return {
    async apply(distribution) {
      const { model, revision } = distribution;
      if (!assignments.apply(distribution)) return;
      const isApplied = (models: ModelReports) =>
        (modelReport(models, model)?.revision ?? -1) >= revision;
      await tellAll({ kind: "apply", distribution }, isApplied);
    },
    async lower(model, lowered) {
      assignments.lower(model, lowered);
      const wanted = assignments.held(model)?.lowered;
      await tellAll({ kind: "lower", model, lowered }, (models) => {
        const { arm, weight, untilMs } = modelReport(models, model)?.lowered ?? {};
        return arm === wanted?.arm && weight === wanted?.weight && untilMs === wanted?.untilMs;
      });
    },
    report: () => Object.fromEntries(assignments.models().map((model) => [model, reportOf(model)])),
    state() {
      const held = assignments.models().map((model) => assignments.held(model)!);
      const lowered = held.flatMap(({ document, lowered }) =>
        lowered === undefined ? [] : [[document.model, lowered] as const],
      );
      return {
        distributions: held.map(({ document }) => document),
        lowered: Object.fromEntries(lowered),
      };
    },
    changed,
    died(worker) {
      for (const [model, report] of Object.entries(worker.models()))
        gone.set(model, addSeen(gone.get(model), report));
    },
    close: assignments.close,
  };
}

/** Tells all workers something, and waits until those that listen say that they go by it. */
function createTelling(workers: () => readonly Hearing[]) {
  const looks = new Set<() => void>();
  const listening = () => workers().filter((worker) => worker.addresses() !== undefined);

  async function tellAll(
    message: ToWorker,
    isDone: (models: ModelReports) => boolean,
  ): Promise<void> {
    const areDone = () => listening().every((worker) => isDone(worker.models()));
    for (const worker of workers()) worker.tell(message);
    let look!: () => void;
    const done = new Promise<void>((resolve) => {
      look = () => void (areDone() && resolve());
    });
    looks.add(look);
    look();
    await settlesWithin(patienceMs, done);
    looks.delete(look);
  }

  return { tellAll, listening, changed: () => looks.forEach((look) => look()) };
}
