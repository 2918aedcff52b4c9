import type { ServingError } from "../../proto/serving-error.ts";
import type { Query } from "../backend.ts";
import type { Pending } from "../pending/pending.ts";
import type { Member } from "./member.ts";

/** Queries of one call for one version of one model, which are sent together. */
export interface Group {
  readonly pending: Pending<never>;
  /** Their places in the call. */
  readonly places: readonly number[];
  readonly model: string;
  readonly version: string;
  readonly asked: Set<Member>;
  /** The last failure at each place. */
  readonly failures: Map<number, ServingError>;
  outstanding: number;
  callOffHedge: () => void;
}

export function groupsOf(pending: Pending<never>, maxRows: number): Group[] {
  const groups: Group[] = [];
  const open = new Map<string, number[]>();
  pending.queries.forEach((query, place) => {
    if (pending.answers[place] !== undefined) return;
    const key = JSON.stringify([query.model, query.version]);
    const places = open.get(key);
    if (places !== undefined && places.length < maxRows) {
      places.push(place);
      return;
    }
    const own = [place];
    open.set(key, own);
    groups.push(groupOf(pending, query, own));
  });
  return groups;
}

export function unanswered({ pending, places }: Group): number[] {
  return places.filter((place) => pending.answers[place] === undefined);
}

function groupOf(
  pending: Pending<never>,
  { model, version }: Query,
  places: readonly number[],
): Group {
  return {
    pending,
    places,
    model,
    version,
    asked: new Set(),
    failures: new Map(),
    outstanding: 0,
    callOffHedge: () => {},
  };
}
