import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { BackendLoad, Meter } from "../../backends/meter.ts";
import type { ServedBy } from "../../models/family.ts";
import type { Recommended } from "../../models/recommended.ts";
import { Code, nameOf } from "../../proto/serving-error.ts";
import type { ModelObserver } from "../model-holder.ts";
import type { LoadedVersion } from "../model-version.ts";
import { batchRowBuckets, latencyBucketsSeconds } from "./buckets.ts";
import { createByVersion, labelsOf, type VersionLabels } from "./by-version.ts";
import { showLoads } from "./load-metrics.ts";
import { readWhenShown } from "./read-when-shown.ts";
import { showRecommended } from "./recommended-metrics.ts";

export interface ModelMetrics extends ModelObserver {
  /** One per backend; its series end when the version is unloaded. */
  meterFor(by: ServedBy): Meter;
  lost(by: ServedBy): void;
  /** @param counts How many versions on the disk could not be loaded, by model; read when metrics are. */
  watchUnloadable(counts: () => ReadonlyMap<string, number>): void;
}

const byVersion = ["model", "version", "backend"] as const;

export function createModelMetrics(registry: Registry): ModelMetrics {
  const work = createWorkSeries(registry);
  const models = createModelSeries(registry);
  const loads = createByVersion<() => BackendLoad>();
  const recommended = createByVersion<Recommended>();
  showLoads(registry, loads);
  showRecommended(registry, recommended);
  // From 0 on, so that the first failure is an increase.
  for (const result of ["ok", "failed"]) models.loads.inc({ result }, 0);
  return {
    meterFor(by) {
      work.restarts.inc(labelsOf(by), 0);
      return { ...createMeter(work, labelsOf(by)), opened: (load) => loads.set(by, load) };
    },
    lost: (by) => work.restarts.inc(labelsOf(by)),
    loaded(version) {
      const by = labelsOf({ ...version, backend: version.backend.name });
      models.loads.inc({ result: "ok" });
      models.info.set(infoLabels(version), 1);
      models.created.set(by, version.info.created.getTime() / 1_000);
      models.loaded.set(by, Date.now() / 1_000);
      if (version.recommended !== undefined) recommended.set(by, version.recommended);
    },
    unloaded(version) {
      const by = labelsOf({ ...version, backend: version.backend.name });
      const { failures, ...others } = work;
      const series = [...Object.values(others), models.created, models.loaded];
      for (const one of series) one.remove(by);
      for (const code of Object.keys(Code)) failures.remove({ ...by, code });
      for (const one of [loads, recommended]) one.remove(by);
      models.info.remove(infoLabels(version));
    },
    failed: () => models.loads.inc({ result: "failed" }),
    watchUnloadable: (counts) => showUnloadable(registry, counts),
  };
}

function showUnloadable(registry: Registry, counts: () => ReadonlyMap<string, number>): void {
  const series = {
    kind: "gauge",
    name: "crossfade_model_unloadable_versions",
    help: "Versions on the disk that could not be loaded, as of the last look.",
    labelNames: ["model"],
  } as const;
  readWhenShown(registry, series, (add) => {
    for (const [model, count] of counts()) add({ model }, count);
  });
}

function infoLabels({ model, version, backend, info: { family, variant } }: LoadedVersion) {
  return { ...labelsOf({ model, version, backend: backend.name }), family, variant };
}

type WorkSeries = ReturnType<typeof createWorkSeries>;

function createWorkSeries(registry: Registry) {
  const labelNames = byVersion;
  const registers = [registry];
  const buckets = latencyBucketsSeconds;
  return {
    queueWait: new Histogram({
      name: "crossfade_queue_wait_seconds",
      help: "From arrival to being taken into a batch, once for rows that arrived together.",
      labelNames,
      buckets,
      registers,
    }),
    batchRows: new Histogram({
      name: "crossfade_batch_rows",
      help: "Rows in one run of the model.",
      labelNames,
      buckets: batchRowBuckets,
      registers,
    }),
    run: new Histogram({
      name: "crossfade_run_seconds",
      help: "One run of the model, of one batch.",
      labelNames,
      buckets,
      registers,
    }),
    answers: new Counter({
      name: "crossfade_answers_total",
      help: "Users answered.",
      labelNames,
      registers,
    }),
    coldStarts: new Counter({
      name: "crossfade_cold_starts_total",
      help: "Answers to users that the model does not know.",
      labelNames,
      registers,
    }),
    unknownIds: new Counter({
      name: "crossfade_unknown_ids_total",
      help: "Ids in requests that the model does not know.",
      labelNames,
      registers,
    }),
    failures: new Counter({
      name: "crossfade_failures_total",
      help: "Users not answered, by gRPC code.",
      labelNames: [...byVersion, "code"],
      registers,
    }),
    restarts: new Counter({
      name: "crossfade_session_restarts_total",
      help: "Sessions that died and were replaced.",
      labelNames,
      registers,
    }),
  };
}

function createModelSeries(registry: Registry) {
  const registers = [registry];
  return {
    info: new Gauge({
      name: "crossfade_model_info",
      help: "1 for each loaded model version.",
      labelNames: [...byVersion, "family", "variant"],
      registers,
    }),
    created: new Gauge({
      name: "crossfade_model_created_timestamp_seconds",
      help: "When the model version was made; its age is time() minus this.",
      labelNames: byVersion,
      registers,
    }),
    loaded: new Gauge({
      name: "crossfade_model_loaded_timestamp_seconds",
      help: "When the model version was loaded.",
      labelNames: byVersion,
      registers,
    }),
    loads: new Counter({
      name: "crossfade_model_loads_total",
      help: "Model versions loaded, and those that failed to.",
      labelNames: ["result"],
      registers,
    }),
  };
}

/** Children are looked up once: a batch then costs no label handling. */
function createMeter(series: WorkSeries, by: VersionLabels): Omit<Meter, "opened"> {
  const queueWait = series.queueWait.labels(by);
  const batchRows = series.batchRows.labels(by);
  const run = series.run.labels(by);
  const answers = series.answers.labels(by);
  const coldStarts = series.coldStarts.labels(by);
  const unknownIds = series.unknownIds.labels(by);
  return {
    queued: (waitMs) => queueWait.observe(waitMs / 1_000),
    ran(rows, runMs) {
      batchRows.observe(rows);
      run.observe(runMs / 1_000);
    },
    answered(answered) {
      answers.inc(answered.rows);
      coldStarts.inc(answered.coldStarts);
      unknownIds.inc(answered.unknownIds);
    },
    failed: (code, rows) => series.failures.inc({ ...by, code: nameOf(code) }, rows),
  };
}
