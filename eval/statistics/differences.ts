import type { Difference } from "../result.ts";
import { bootstrap, type Column } from "./bootstrap.ts";
import type { Group } from "./groups.ts";
import { columnsIn, type Measured } from "./measured.ts";

const listLength = 10;

/** Of each to the first, user by user: what both find easy or hard cancels out. */
export function differencesOf(
  measured: readonly Measured[],
  group: Group,
  seed: number,
): readonly Difference[] {
  const [first, ...others] = measured;
  if (first === undefined) return [];
  const own = columnsIn(first, group);
  const isAll = group.users === undefined;
  return others.map((other) => ({
    who: other.name,
    isBaseline: other.isBaseline,
    group: group.name,
    values: bootstrap(
      columnsIn(other, group).map((column, metric) => minus(column, own[metric]!)),
      seed,
    ),
    ...(!other.isBaseline && isAll && agreementOf(first, other, seed)),
  }));
}

function minus(a: Column, b: Column): Column {
  return a.map((value, user) => value - b[user]!);
}

function agreementOf(
  first: Measured,
  other: Measured,
  seed: number,
): Pick<Difference, "overlapAt10" | "sameTop1"> {
  const pairs = first.lists.map((list, at) => [list ?? [], other.lists[at] ?? []] as const);
  const overlap = Float64Array.from(pairs, ([a, b]) => overlapOf(a, b));
  const same = Float64Array.from(pairs, ([a, b]) => (a[0] === b[0] ? 1 : 0));
  const [overlapAt10, sameTop1] = bootstrap([overlap, same], seed);
  return { overlapAt10: overlapAt10!, sameTop1: sameTop1! };
}

/** Of the longer list's first ten, how many the other has among its own. */
function overlapOf(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.slice(0, listLength), new Set(b.slice(0, listLength))];
  const length = Math.max(left.length, right.size);
  return length === 0 ? 1 : left.filter((id) => right.has(id)).length / length;
}
