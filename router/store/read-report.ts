import type { Rollout } from "../rollout/rollout.ts";
import { checkRollout } from "../rollout/check-rollout.ts";
import type { ModelReport, RouterReport } from "../observe/router-report.ts";

/**
 * A report that came over the wire. Of one that cannot be read only the name is left: then the router is known to be there,
 * and to confirm nothing. Fields that are not known are let through: routers of several versions work side by side.
 */
export function readReport(router: string, json: string): RouterReport {
  try {
    const report = JSON.parse(json) as RouterReport;
    const { atMs, models } = report;
    if (!isNumber(atMs) || !isObject(models)) throw new Error("no report");
    const read = Object.entries(models).map(([name, model]) => [name, readModel(model)] as const);
    return { ...report, router, models: Object.fromEntries(read) };
  } catch {
    return { router, atMs: 0, models: {} };
  }
}

/** Throws when it is none. */
function readModel(model: ModelReport): ModelReport {
  const { revision, appliedAtMs, observed, load, lowered, rollout, ...others } = model;
  const isRight =
    isNumber(revision) &&
    isNumber(appliedAtMs) &&
    isNumber(observed.contradictions) &&
    all(observed.arms, ({ rows, users }) => isNumber(rows) && typeof users === "string") &&
    all(load, ({ rowsPerSecond, costMs = 0 }) => isNumber(rowsPerSecond) && isNumber(costMs)) &&
    (lowered === undefined || (isNumber(lowered.weight) && isNumber(lowered.untilMs)));
  if (!isRight) throw new Error("no report of a model");
  const held = rollout === undefined ? undefined : tryRollout(rollout);
  return {
    ...others,
    revision,
    appliedAtMs,
    observed,
    load,
    ...(lowered !== undefined && { lowered }),
    ...(held !== undefined && { rollout: held }),
  };
}

/** What a newer router holds, an older one cannot adopt. */
function tryRollout(value: unknown): Rollout | undefined {
  try {
    return checkRollout(value, "the report");
  } catch {
    return undefined;
  }
}

function all<Entry>(table: Readonly<Record<string, Entry>>, fits: (entry: Entry) => boolean) {
  return isObject(table) && Object.values(table).every(fits);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
