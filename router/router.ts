import type { Backend, Query } from "../backends/backend.ts";
import { type Clock, systemClock } from "../backends/clock.ts";
import { answerAll, closed } from "../backends/refusals.ts";
import type { HeldVersion } from "../proto/held-versions.ts";
import { ServingError } from "../proto/serving-error.ts";
import { answerGroup, type GroupParts } from "./answer-group.ts";
import type { Assignment } from "./assignment.ts";
import { type Assignments, createAssignments } from "./assignments.ts";
import { createCallCount } from "../backends/call-count.ts";
import type { Arm, Distribution } from "./distribution.ts";
import { type RouterMeter, silentRouterMeter } from "./meter.ts";
import { createOverrideReader, type MayOverride } from "./override.ts";
import { pick } from "./pick.ts";
import { planGroups, type Route } from "./plan.ts";
import { createRecommendationIds } from "./recommendation-ids.ts";
import { describeRouting } from "./observe/describe-routing.ts";
import { createShadowing } from "./shadow.ts";
import type { Lowered } from "./lowered-distribution.ts";
import type { ModelReport, Observed } from "./observe/router-report.ts";

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
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowMs?: () => number;
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
  /** That arms have, with whatever weight. */
  versions(): readonly HeldVersion[];
  /** What was seen since the model's revision was applied. */
  observed(model: string): Observed;
  /** All that this router says of every model that it has a distribution of. */
  report(): Readonly<Record<string, ModelReport>>;
  /**
   * This router alone leaves so much of an arm, and gives the rest to the stable one, until the time passes or a document
   * comes that gives the arm no more than that; newer documents are lowered as well. What is lowered already takes the
   * new weight and time; a weight of 10,000 ends it. Throws NOT_FOUND for a model without a distribution,
   * INVALID_ARGUMENT for the stable arm, for one that is not there and for a weight that would lower nothing,
   * FAILED_PRECONDITION while another arm of the model is lowered.
   */
  lower(model: string, lowered: Lowered): void;
}

export function createRouter(options: RouterOptions): Router {
  const { inner, name = "router", meter = silentRouterMeter } = options;
  const { clock = systemClock, nowMs = Date.now } = options;
  const assignments = createAssignments({ meter, clock, nowMs });
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
    close() {
      assignments.close();
      return (closing ??= calls.none().then(() => inner.close()));
    },
    apply: assignments.apply,
    current: (model) => assignments.held(model)?.document,
    versions: () => versionsOf(assignments),
    observed: (model) => assignments.held(model)?.observing.observed() ?? nothingSeen,
    report: () => reportAll(assignments, inner),
    lower: assignments.lower,
  };
}

function versionsOf({ models, held }: Assignments): readonly HeldVersion[] {
  return models().flatMap((model) =>
    held(model)!.document.arms.map(({ version }) => ({ model, version })),
  );
}

const nothingSeen: Observed = { arms: {}, contradictions: 0 };

function reportAll(
  { models, held }: Assignments,
  inner: Backend,
): Readonly<Record<string, ModelReport>> {
  return Object.fromEntries(models().map((model) => [model, describeRouting(held(model)!, inner)]));
}

function createRoute({ chance = Math.random, mayOverride = () => false }: RouterOptions): Route {
  const overrideOf = createOverrideReader(mayOverride);
  return (query, assignment) => {
    const override = overrideOf(query);
    if (override instanceof ServingError) return override;
    const picked = pick(assignment, { user: query.user, override }, chance);
    if (!(picked instanceof ServingError)) assignment.observing?.saw(picked.arm, picked.hash);
    return picked;
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
