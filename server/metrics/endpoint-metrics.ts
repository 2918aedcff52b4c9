import { Counter, Gauge, type Registry } from "prom-client";
import type { EndpointsMeter } from "../../backends/endpoints/meter.ts";
import type { CacheMeter } from "../../backends/layers/cache-meter.ts";

/** Actual success is that of the first attempts, effective success that of the outcomes. */
export function createEndpointsMeter(registry: Registry): EndpointsMeter {
  const { attempts, outcomes, overBudget, ejections, ejected, shed } = createSeries(registry);
  return {
    attempted({ endpoint, kind, rows, failedRows }) {
      attempts.inc({ endpoint, kind, result: "ok" }, rows - failedRows);
      attempts.inc({ endpoint, kind, result: "failed" }, failedRows);
    },
    answered({ rows, failedRows, degradedRows }) {
      outcomes.inc({ result: "ok" }, rows - failedRows - degradedRows);
      outcomes.inc({ result: "degraded" }, degradedRows);
      outcomes.inc({ result: "failed" }, failedRows);
    },
    overBudget: (kind) => overBudget.inc({ kind }),
    ejected(endpoint) {
      ejections.inc({ endpoint });
      ejected.set({ endpoint }, 1);
    },
    readmitted: (endpoint) => ejected.set({ endpoint }, 0),
    left(endpoint) {
      ejections.remove({ endpoint });
      ejected.remove({ endpoint });
      for (const kind of ["first", "retry", "hedge"])
        for (const result of ["ok", "failed"]) attempts.remove({ endpoint, kind, result });
    },
    shed: (rows) => shed.inc(rows),
  };
}

function createSeries(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ) => new Counter({ name, help, labelNames, registers });
  return {
    attempts: counter("crossfade_endpoint_attempt_rows_total", "Rows sent to an endpoint.", [
      "endpoint",
      "kind",
      "result",
    ]),
    outcomes: counter(
      "crossfade_endpoint_outcome_rows_total",
      "Rows by what became of them when all had been tried.",
      ["result"],
    ),
    overBudget: counter(
      "crossfade_endpoint_over_budget_total",
      "Retries and hedges that the budget did not allow.",
      ["kind"],
    ),
    ejections: counter("crossfade_endpoint_ejections_total", "Times left alone.", ["endpoint"]),
    ejected: new Gauge({
      name: "crossfade_endpoint_ejected",
      help: "1 while the endpoint is left alone, by any of several processes.",
      labelNames: ["endpoint"],
      aggregator: "max",
      registers,
    }),
    shed: counter(
      "crossfade_endpoint_shed_rows_total",
      "Rows refused at once: no endpoint would have answered in time.",
      [],
    ),
  };
}

/** By version: a version is what the cache's keys tell apart. */
export function createCacheMeter(registry: Registry): CacheMeter {
  const lookUps = new Counter({
    name: "crossfade_cache_lookups_total",
    help: "Queries that the answer cache might answer: hit, miss, or shared with one under way.",
    labelNames: ["model", "version", "result"],
    registers: [registry],
  });
  return {
    hit: (model, version) => lookUps.inc({ model, version, result: "hit" }),
    miss: (model, version) => lookUps.inc({ model, version, result: "miss" }),
    shared: (model, version) => lookUps.inc({ model, version, result: "shared" }),
  };
}
