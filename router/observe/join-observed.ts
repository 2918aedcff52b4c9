import type { ArmLoad, Observed } from "./router-report.ts";
import { joinSketches } from "./user-sketch.ts";

/** What several routers saw under the same revision; a user whom two of them saw is one user. */
export function joinObserved(parts: readonly Observed[]): Observed {
  const names = new Set(parts.flatMap(({ arms }) => Object.keys(arms)));
  const arms = [...names].map((name) => {
    const own = parts.flatMap((part) => part.arms[name] ?? []);
    // What reports say may be anything; beyond that, numbers do not go over the wire.
    const sum = own.reduce((total, arm) => total + arm.rows, 0);
    const rows = Math.min(sum, Number.MAX_SAFE_INTEGER);
    return [name, { rows, users: joinSketches(own.map(({ users }) => users)) }] as const;
  });
  return {
    arms: Object.fromEntries(arms),
    contradictions: parts.reduce((sum, { contradictions }) => sum + contradictions, 0),
  };
}

/** The sum of what several routers ask of the same backends; the cost as they see it on average, by how much they ask. */
export function joinLoads(
  parts: readonly Readonly<Record<string, ArmLoad>>[],
): Readonly<Record<string, ArmLoad>> {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    [...names].map((name) => [name, joined(parts.flatMap((part) => part[name] ?? []))]),
  );
}

function joined(loads: readonly ArmLoad[]): ArmLoad {
  const rowsPerSecond = loads.reduce((sum, load) => sum + load.rowsPerSecond, 0);
  const known = loads.filter(({ costMs }) => costMs !== undefined);
  if (known.length === 0) return { rowsPerSecond };
  const total = known.reduce((sum, load) => sum + weightOf(load), 0);
  const costMs = known.reduce((sum, load) => sum + weightOf(load) * load.costMs!, 0) / total;
  return { rowsPerSecond, costMs };
}

/** Routers that ask nothing count a little: theirs may be the only opinion. */
function weightOf({ rowsPerSecond }: ArmLoad): number {
  return rowsPerSecond + 1e-9;
}
