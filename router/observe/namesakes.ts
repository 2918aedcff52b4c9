import type { RouterReport } from "./router-report.ts";
import type { Silence } from "./silence.ts";

type Named = Pick<RouterReport, "router" | "instance">;
type Heard = Pick<RouterReport, "router" | "instance" | "aliveMs"> & Silence;

/** The same process, not only one of the same name. */
export function isSameRouter(one: Named, other: Named): boolean {
  return one.router === other.router && one.instance === other.instance;
}

/**
 * Without those that a router of the same name has followed: who was not heard of since that one began has restarted. Two
 * that were heard of at the same time are two, however silent one is by now: it may be cut off, and still serve.
 */
export function withoutPredecessors<Report extends Heard>(
  reports: readonly Report[],
): readonly Report[] {
  return reports.filter((one) => !reports.some((other) => follows(other, one)));
}

function follows(next: Heard, one: Heard): boolean {
  if (next.router !== one.router || next.instance === one.instance) return false;
  return next.aliveMs !== undefined && one.silentMs > next.aliveMs + next.silentMs;
}
