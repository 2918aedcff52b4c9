import { Counter, Gauge, type Registry } from "prom-client";

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
  readonly contradictions: number;
  /** Of queries that went by bucket since the revision was applied, by arm; adds up to 1, or is empty. */
  readonly shares: ReadonlyMap<string, number>;
  /** Basis points, by arm: what this router alone leaves of it. */
  readonly lowered: ReadonlyMap<string, number>;
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
      showStore(registry, figures);
      showModels(registry, figures);
    },
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

function showModels(registry: Registry, figures: () => ControlFigures): void {
  const gauge = (name: string, help: string, set: (gauge: Gauge, model: ModelFigures) => void) => {
    const one: Gauge = new Gauge({
      name,
      help,
      labelNames: ["model", "arm"],
      registers: [registry],
      collect() {
        one.reset();
        for (const model of figures().models) set(one, model);
      },
    });
  };
  gauge(
    "crossfade_store_revision",
    "Revision that the control store holds: what routers should route by.",
    (one, { model, storeRevision }) => {
      if (storeRevision !== undefined) one.set({ model }, storeRevision);
    },
  );
  gauge(
    "crossfade_rollout_contradictions",
    "Queries since the revision was applied that went to another arm than it says. Anything but 0 is a bug.",
    (one, { model, contradictions }) => one.set({ model }, contradictions),
  );
  gauge(
    "crossfade_rollout_observed_share",
    "Of queries that went by bucket since the revision was applied, by arm.",
    (one, { model, shares }) => {
      for (const [arm, share] of shares) one.set({ model, arm }, share);
    },
  );
  gauge(
    "crossfade_rollout_lowered_basis_points",
    "What this router alone leaves of the arm, until a time.",
    (one, { model, lowered }) => {
      for (const [arm, weight] of lowered) one.set({ model, arm }, weight);
    },
  );
}
