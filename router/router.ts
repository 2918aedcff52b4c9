import type { Backend, Query } from "../backends/backend.ts";
import { type Clock, systemClock } from "../backends/clock.ts";
import { answerAll, closed } from "../backends/refusals.ts";
import { ServingError } from "../proto/serving-error.ts";
import { answerGroup, type GroupParts } from "./answer-group.ts";
import type { Assignment } from "./assignment.ts";
import { createAssignments } from "./assignments.ts";
import { createCallCount } from "../backends/call-count.ts";
import type { Arm, Distribution } from "./distribution.ts";
import { type RouterMeter, silentRouterMeter } from "./meter.ts";
import { createOverrideReader, type MayOverride } from "./override.ts";
import { pick } from "./pick.ts";
import { planGroups, type Route } from "./plan.ts";
import { createRecommendationIds } from "./recommendation-ids.ts";
import { createShadowing } from "./shadow.ts";

export interface RouterOptions {
  /** Answers for the version that a query is pinned to. The router's from now on: it closes it. */
  readonly inner: Backend;
  /** Default "router". */
  readonly name?: string;
  /** From 0 up to and without 1. Default `Math.random`. */
  readonly chance?: () => number;
  /** Default: nobody may. */
  readonly mayOverride?: MayOverride;
  /** Copies for the shadow arm are given up after so long. Default 1,000. */
  readonly shadowTimeoutMs?: number;
  /** Default: unique ones. */
  readonly recommendationId?: () => string;
  readonly meter?: RouterMeter;
  readonly clock?: Clock;
}

/** Gives every query to an arm and pins the arm's version. */
export interface Router extends Backend {
  /**
   * The model's arms from now on; false when the document is not newer than what holds. Throws INVALID_ARGUMENT for what
   * is no distribution, ABORTED for a revision that holds with other content.
   */
  apply(document: Distribution): boolean;
  /** Undefined: the model has none, and its queries go to its servers' default version. */
  current(model: string): Distribution | undefined;
}

export function createRouter(options: RouterOptions): Router {
  const { inner, name = "router", meter = silentRouterMeter } = options;
  const assignments = createAssignments(meter);
  const parts = createGroupParts(options, assignments.of);
  const route = createRoute(options);
  const calls = createCallCount();
  let closing: Promise<void> | undefined;

  async function answer(queries: readonly Query[]) {
    const { groups, answers, refused } = planGroups(queries, assignments.of, route);
    for (const { model, code } of refused) meter.refused(model, code);
    const answering = groups.map(async (group) => {
      const own = await answerGroup(group, parts);
      group.places.forEach((place, i) => (answers[place] = own[i]!));
    });
    await Promise.all(answering);
    return answers;
  }

  return {
    name,
    answer(queries) {
      if (closing !== undefined) return answerAll(queries, closed(name));
      return calls.during(() => answer(queries));
    },
    isReady: (model, version) =>
      closing === undefined && canAnswer(inner, assignments.of(model), { model, version }),
    costMs(model, version, rows) {
      if (closing !== undefined) return Infinity;
      return inner.costMs(model, version || entry(assignments.of(model)).version, rows);
    },
    close: () => (closing ??= calls.none().then(() => inner.close())),
    apply: assignments.apply,
    current: assignments.current,
  };
}

function createRoute({ chance = Math.random, mayOverride = () => false }: RouterOptions): Route {
  const overrideOf = createOverrideReader(mayOverride);
  return (query, assignment) => {
    const override = overrideOf(query);
    if (override instanceof ServingError) return override;
    return pick(assignment, { user: query.user, override }, chance);
  };
}

function createGroupParts(
  options: RouterOptions,
  assignmentOf: (model: string) => Assignment,
): GroupParts {
  const { inner, chance = Math.random, shadowTimeoutMs = 1_000 } = options;
  const { recommendationId = createRecommendationIds() } = options;
  const { meter = silentRouterMeter, clock = systemClock } = options;
  const isCurrent = (assignment: Assignment) =>
    assignmentOf(assignment.document.model) === assignment;
  const timeoutMs = shadowTimeoutMs;
  const shadowing = createShadowing({ inner, chance, clock, meter, timeoutMs, isCurrent });
  return { inner, clock, meter, shadowing, recommendationId, assignmentOf };
}

function canAnswer(
  inner: Backend,
  assignment: Assignment,
  { model, version }: Pick<Query, "model" | "version">,
): boolean {
  if (version === "") return inner.isReady(model, entry(assignment).version);
  const isArms = assignment.document.arms.some(
    (arm) => arm.version === "" || arm.version === version,
  );
  return isArms && inner.isReady(model, version);
}

/** The arm that stands for a model where no version is named: others spill to it. */
function entry({ stable, only }: Assignment): Arm {
  return only ?? stable;
}
