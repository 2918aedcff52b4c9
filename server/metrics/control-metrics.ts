import { Counter, Gauge, type Registry } from "prom-client";
import { type AddSample, readWhenShown } from "./read-when-shown.ts";

/** What a process knows of its rollouts and their store, as of now. */
export interface ControlFigures {
  readonly isStoreUp: boolean;
  /** Milliseconds since 1970; undefined: never. */
  readonly readMs: number | undefined;
  readonly models: readonly ModelFigures[];
}

export interface ModelFigures {
  readonly model: string;
  /** Of the store; undefined: it has none, or was never read. */
  readonly storeRevision: number | undefined;
  /** By arm, in basis points: what the store wants; empty like its revision. */
  readonly storeWeights: ReadonlyMap<string, number>;
  /** E.g. "stepping"; undefined: there is no rollout to say so. */
  readonly phase: string | undefined;
  /** Of the document that is routed by. */
  readonly arms: readonly ArmFigures[];
  readonly contradictions: number;
  /** Of queries that went by bucket since the revision was applied, by arm; adds up to 1, or is empty. */
  readonly shares: ReadonlyMap<string, number>;
  /** Basis points, by arm: what this router alone leaves of it. */
  readonly lowered: ReadonlyMap<string, number>;
}

export interface ArmFigures {
  readonly arm: string;
  readonly version: string;
  /** Some server that is ready holds the version. */
  readonly isHeld: boolean;
}

export interface ControlMetrics {
  /** A document of the store is not taken. */
  readonly refused: (model: string, why: string) => void;
  /** Shown from now on. */
  show(figures: () => ControlFigures): void;
}

/** Series appear with `show`: a process without a router has none. */
export function createControlMetrics(registry: Registry): ControlMetrics {
  const refused = new Counter({
    name: "crossfade_rollout_refused_total",
    help: "Documents of the store that are not routed by: older, conflict, invalid, newer_format.",
    labelNames: ["model", "reason"],
    registers: [registry],
  });
  return {
    refused: (model, reason) => refused.inc({ model, reason }),
    show(figures) {
      const shared = oncePerTurn(figures);
      showStore(registry, shared);
      showModels(registry, shared);
      showArms(registry, shared);
    },
  };
}

/** All series of one page are of one moment, and it is looked up once. */
function oncePerTurn<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    if (made === undefined) {
      made = { result: make() };
      setImmediate(() => (made = undefined));
    }
    return made.result;
  };
}

function showStore(registry: Registry, figures: () => ControlFigures): void {
  const registers = [registry];
  const up: Gauge = new Gauge({
    name: "crossfade_store_up",
    help: "1 while the control store can be read.",
    aggregator: "min",
    registers,
    collect() {
      up.set(Number(figures().isStoreUp));
    },
  });
  const read: Gauge = new Gauge({
    name: "crossfade_store_read_timestamp_seconds",
    help: "When the control store was read last; its age is time() minus this.",
    // Absent, rather than 0, until it was.
    labelNames: ["store"],
    aggregator: "min",
    registers,
    collect() {
      const { readMs } = figures();
      if (readMs !== undefined) read.set({ store: "control" }, readMs / 1_000);
    },
  });
}

type Label = "model" | "arm" | "version" | "phase";

interface ModelGauge {
  readonly name: string;
  readonly help: string;
  /** Default: only the model. */
  readonly by?: readonly Label[];
}

function createModelGauge(registry: Registry, figures: () => ControlFigures) {
  return (
    { name, help, by = [] }: ModelGauge,
    addAll: (add: AddSample<Label>, model: ModelFigures) => void,
  ) =>
    readWhenShown<Label>(
      registry,
      { kind: "gauge", name, help, labelNames: ["model", ...by] },
      (add) => {
        for (const model of figures().models) addAll(add, model);
      },
    );
}

function showModels(registry: Registry, figures: () => ControlFigures): void {
  const gauge = createModelGauge(registry, figures);
  gauge(
    {
      name: "crossfade_store_revision",
      help: "Revision that the control store holds: what routers should route by.",
    },
    (add, { model, storeRevision }) => {
      if (storeRevision !== undefined) add({ model }, storeRevision);
    },
  );
  gauge(
    {
      name: "crossfade_rollout_phase",
      help: "1 for the phase that the model's rollout is in: steady, stepping, paused, aborted or promoted.",
      by: ["phase"],
    },
    (add, { model, phase }) => {
      if (phase !== undefined) add({ model, phase }, 1);
    },
  );
  gauge(
    {
      name: "crossfade_rollout_contradictions",
      help: "Queries since the revision was applied that went to another arm than it says. Anything but 0 is a bug.",
    },
    (add, { model, contradictions }) => add({ model }, contradictions),
  );
}

function showArms(registry: Registry, figures: () => ControlFigures): void {
  const gauge = createModelGauge(registry, figures);
  gauge(
    {
      name: "crossfade_store_weight_basis_points",
      help: "The arm's weight that the control store holds: what routers should route by.",
      by: ["arm"],
    },
    (add, { model, storeWeights }) => {
      for (const [arm, weight] of storeWeights) add({ model, arm }, weight);
    },
  );
  gauge(
    {
      name: "crossfade_rollout_arm_info",
      help: "1 for each arm that is routed by, with its version.",
      by: ["arm", "version"],
    },
    (add, { model, arms }) => {
      for (const { arm, version } of arms) add({ model, arm, version }, 1);
    },
  );
  gauge(
    {
      name: "crossfade_rollout_arm_held",
      help: "1 while some server that is ready holds the arm's version, by what this router sees; else 0.",
      by: ["arm"],
    },
    (add, { model, arms }) => {
      for (const { arm, isHeld } of arms) add({ model, arm }, Number(isHeld));
    },
  );
  gauge(
    {
      name: "crossfade_rollout_observed_share",
      help: "Of queries that went by bucket since the revision was applied, by arm.",
      by: ["arm"],
    },
    (add, { model, shares }) => {
      for (const [arm, share] of shares) add({ model, arm }, share);
    },
  );
  gauge(
    {
      name: "crossfade_rollout_lowered_basis_points",
      help: "What this router alone leaves of the arm, until a time.",
      by: ["arm"],
    },
    (add, { model, lowered }) => {
      for (const [arm, weight] of lowered) add({ model, arm }, weight);
    },
  );
}
