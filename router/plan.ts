import type { Answer, Query } from "../backends/backend.ts";
import type { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { type Code, ServingError } from "../proto/serving-error.ts";
import type { Assignment } from "./assignment.ts";
import type { Arm } from "./distribution.ts";
import type { Picked } from "./pick.ts";

/** The queries of one call that go to the same arm. */
export interface Group {
  readonly assignment: Assignment;
  readonly arm: Arm;
  readonly queries: Query[];
  /** Of each query. */
  readonly reasons: RouteReason[];
  /** Where each query stands in the call. */
  readonly places: number[];
}

export interface Plan {
  readonly groups: readonly Group[];
  /** Of the queries that have no arm; the others' places are empty. */
  readonly answers: Answer[];
  readonly refused: readonly Refused[];
}

interface Refused {
  /** "" for a model without a distribution. */
  readonly model: string;
  readonly code: Code;
}

export type Route = (query: Query, assignment: Assignment) => Picked | ServingError;

export function planGroups(
  queries: readonly Query[],
  assignmentOf: (model: string) => Assignment,
  route: Route,
): Plan {
  const groups = new Map<Arm, Group>();
  const answers: Answer[] = [];
  const refused: Refused[] = [];
  answers.length = queries.length;
  queries.forEach((query, place) => {
    const assignment = assignmentOf(query.model);
    const picked = route(query, assignment);
    if (picked instanceof ServingError) {
      answers[place] = picked;
      refused.push({ model: assignment.document.model, code: picked.code });
    } else put(groups, { assignment, ...picked, query, place });
  });
  return { groups: [...groups.values()], answers, refused };
}

interface Placed extends Picked {
  readonly assignment: Assignment;
  readonly query: Query;
  readonly place: number;
}

function put(groups: Map<Arm, Group>, { assignment, arm, reason, query, place }: Placed): void {
  let group = groups.get(arm);
  if (group === undefined) {
    group = { assignment, arm, queries: [], reasons: [], places: [] };
    groups.set(arm, group);
  }
  group.queries.push(query);
  group.reasons.push(reason);
  group.places.push(place);
}
