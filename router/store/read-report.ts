import { namePattern } from "../../models/bundle/manifest.ts";
import { bucketCount } from "../bucket.ts";
import { latestMs } from "../latest-ms.ts";
import type { Lowered } from "../lowered-distribution.ts";
import type { ModelReport, Observed, RouterReport } from "../observe/router-report.ts";
import { isSketch } from "../observe/user-sketch.ts";
import { checkRollout } from "../rollout/check-rollout.ts";
import { largestRevision } from "../rollout/largest-revision.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** Of rows and the like; sums of them stay numbers that can be told. */
const mostCounted = 2 ** 50;
const longestWords = 10_000;

/**
 * A report that came over the wire. Of one that cannot be read only the name is left: then the router is known to be there,
 * and to confirm nothing. Fields that are not known are let through: routers of several versions work side by side.
 */
export function readReport(router: string, json: string): RouterReport {
  try {
    const report = JSON.parse(json) as RouterReport;
    const { atMs, models, aliveMs = 0 } = report;
    if (!isTime(atMs) || !isTime(aliveMs) || !isObject(models)) throw new Error("no report");
    const read = Object.entries(models)
      .filter(([name]) => namePattern.test(name))
      .map(([name, model]) => [name, readModel(name, model)] as const);
    return { ...report, router, models: Object.fromEntries(read) };
  } catch {
    return { router, atMs: 0, models: {} };
  }
}

/** Throws when it is none. */
function readModel(name: string, model: ModelReport): ModelReport {
  const { revision, appliedAtMs, observed, load, lowered, rollout, ...others } = model;
  const isRight =
    isWhole(revision, largestRevision) &&
    isTime(appliedAtMs) &&
    isWhole(observed.contradictions, mostCounted) &&
    all(
      observed.arms,
      ({ rows, users }) => isWhole(rows, mostCounted) && typeof users === "string",
    ) &&
    all(load, ({ rowsPerSecond, costMs = 0 }) => isAmount(rowsPerSecond) && isAmount(costMs)) &&
    (lowered === undefined || isLowered(lowered));
  if (!isRight) throw new Error("no report of a model");
  const held = rollout === undefined ? undefined : tryRollout(name, rollout);
  return {
    ...others,
    revision,
    appliedAtMs,
    observed: countable(observed),
    load,
    ...(lowered !== undefined && { lowered }),
    ...(held !== undefined && { rollout: held }),
  };
}

/** Users that this build cannot count were not seen. */
function countable({ arms, ...others }: Observed): Observed {
  const counted = Object.entries(arms).map(([name, arm]) => {
    return [name, isSketch(arm.users) ? arm : { ...arm, users: "" }] as const;
  });
  return { ...others, arms: Object.fromEntries(counted) };
}

/** What a newer router holds, an older one cannot adopt. */
function tryRollout(model: string, value: unknown): Rollout | undefined {
  try {
    const rollout = checkRollout(value, "the report");
    return rollout.distribution.model === model ? rollout : undefined;
  } catch {
    return undefined;
  }
}

function isLowered({ arm, weight, untilMs, by, reason }: Lowered): boolean {
  return (
    namePattern.test(arm) &&
    isWhole(weight, bucketCount) &&
    isTime(untilMs) &&
    [by, reason].every((words) => typeof words === "string" && words.length <= longestWords)
  );
}

function all<Entry>(table: Readonly<Record<string, Entry>>, fits: (entry: Entry) => boolean) {
  return (
    isObject(table) &&
    Object.entries(table).every(([arm, entry]) => namePattern.test(arm) && fits(entry))
  );
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): boolean {
  return isAmount(value) && value <= latestMs;
}

function isWhole(value: unknown, max: number): boolean {
  return Number.isSafeInteger(value) && isAmount(value) && value <= max;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
