import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { RouteReason } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, nameOf } from "../../proto/serving-error.ts";
import type { RouterMeter } from "../../router/meter.ts";
import { latencyBucketsSeconds } from "./buckets.ts";

const reasonNames = new Map(
  Object.entries(RouteReason).map(([name, value]) => [value, name.toLowerCase()]),
);

/** Of the usual outcomes the first one is an increase, which alerts on failures are made of. */
const countedFrom0 = [
  Code.OK,
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.FAILED_PRECONDITION,
  Code.INTERNAL,
].map(nameOf);

/** Weights as wanted and as they turned out: the observed ones are shares of the answered rows with reason "bucket". */
export function createRouterMeter(registry: Registry): RouterMeter {
  const series = createSeries(registry);
  const armsOf = new Map<string, readonly string[]>();
  return {
    applied({ model, revision, arms }) {
      series.revision.set({ model }, revision);
      for (const arm of armsOf.get(model) ?? []) series.weight.remove({ model, arm });
      for (const { name: arm, weight } of arms) {
        series.weight.set({ model, arm }, weight);
        for (const code of countedFrom0)
          series.answered.inc({ model, arm, reason: "bucket", code }, 0);
      }
      armsOf.set(
        model,
        arms.map(({ name }) => name),
      );
    },
    refused: (model, code) => series.refused.inc({ model, code: nameOf(code) }),
    answered({ model, arm, reason, code, rows, ms }) {
      const labels = { model, arm, reason: reasonNames.get(reason) ?? "unspecified" };
      series.answered.inc({ ...labels, code: nameOf(code) }, rows);
      series.seconds.observe({ model, arm }, ms / 1_000);
    },
    spilled({ model, from, to, code, rows }) {
      series.spilled.inc({ model, from, to, code: nameOf(code) }, rows);
    },
    shadowed({ model, arm, code, rows, overlap }) {
      series.shadowed.inc({ model, arm, code: nameOf(code) }, rows);
      if (overlap !== undefined) series.overlap.observe({ model, arm }, overlap);
    },
    shadowDropped: (model, arm) => series.shadowDropped.inc({ model, arm }),
  };
}

function createSeries(registry: Registry) {
  const registers = [registry];
  const byArm = ["model", "arm"] as const;
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ) => new Counter({ name, help, labelNames, registers });
  return {
    ...createWanted(registers),
    answered: counter(
      "crossfade_router_rows_total",
      "Rows by the arm that was picked and why, with how that arm did; a spill is counted apart.",
      [...byArm, "reason", "code"],
    ),
    seconds: new Histogram({
      name: "crossfade_router_arm_seconds",
      help: "From a row's arrival at the arm to its answer.",
      labelNames: byArm,
      buckets: latencyBucketsSeconds,
      registers,
    }),
    refused: counter("crossfade_router_refused_total", "Queries that got no arm.", [
      "model",
      "code",
    ]),
    spilled: counter(
      "crossfade_router_spilled_rows_total",
      "Rows that the arm `from` failed and the arm `to` was asked for, by what became of them.",
      ["model", "from", "to", "code"],
    ),
    shadowed: counter("crossfade_router_shadow_rows_total", "Copies sent to the shadow arm.", [
      ...byArm,
      "code",
    ]),
    shadowDropped: counter(
      "crossfade_router_shadow_dropped_total",
      "Copies not sent because too many were under way.",
      byArm,
    ),
    overlap: new Histogram({
      name: "crossfade_router_shadow_overlap",
      help: "Share of ids that the shadow arm and the arm that answered both recommend.",
      labelNames: byArm,
      buckets: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1],
      registers,
    }),
  };
}

/** What the distribution says. */
function createWanted(registers: Registry[]) {
  return {
    revision: new Gauge({
      name: "crossfade_router_revision",
      help: "Revision of the distribution that holds; of several processes the lowest.",
      labelNames: ["model"],
      aggregator: "min",
      registers,
    }),
    weight: new Gauge({
      name: "crossfade_router_weight_basis_points",
      help: "The arm's weight that this router goes by: the distribution's, less what was lowered here.",
      labelNames: ["model", "arm"],
      aggregator: "first",
      registers,
    }),
  };
}
