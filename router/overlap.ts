import type { Answer, Reply } from "../backends/backend.ts";
import { isDegraded, itemIds } from "../proto/reply-reader.ts";
import { ServingError } from "../proto/serving-error.ts";

/** The share of the longer list that both have; undefined when one is no full answer, or cannot be read. */
export function overlapOf(reply: Reply, other: Answer): number | undefined {
  if (other instanceof ServingError) return undefined;
  try {
    return isLess(reply) || isLess(other)
      ? undefined
      : overlap(itemIds(reply.bytes), itemIds(other.bytes));
  } catch {
    return undefined;
  }
}

function isLess({ degraded = "", bytes }: Reply): boolean {
  return degraded !== "" || isDegraded(bytes);
}

function overlap(one: readonly string[], other: readonly string[]): number {
  const known = new Set(one);
  const longer = Math.max(one.length, other.length);
  return longer === 0 ? 1 : other.filter((id) => known.has(id)).length / longer;
}
