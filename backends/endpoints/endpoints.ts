import { ServingError } from "../../proto/serving-error.ts";
import type { Answer, Backend } from "../backend.ts";
import { type Clock, systemClock } from "../clock.ts";
import { createPendingCalls } from "../pending/pending.ts";
import { answerAll, closed } from "../refusals.ts";
import { createAttempts } from "./attempts.ts";
import type { Fallback } from "./fall-back.ts";
import { groupsOf } from "./group.ts";
import type { Endpoint, EndpointClass } from "./member.ts";
import { createMemberSet } from "./member-set.ts";
import { type EndpointsMeter, type Outcome, silentEndpointsMeter } from "./meter.ts";
import { createRetryBudget } from "./retry-budget.ts";

export interface EndpointsOptions {
  /** Default "endpoints". */
  readonly name?: string;
  /**
   * Classes from best to least. Those of one rung compete by predicted cost; a lower rung answers when none before it
   * would in time, and its answers say so. Default cuda, cpu, edge, a rung each.
   */
  readonly ladder?: readonly (readonly EndpointClass[])[];
  /** The rungs below: asked in turn when no endpoint has answered, e.g. a cache, then popular items. */
  readonly fallbacks?: readonly Fallback[];
  /** Queries for one version that go to one endpoint together; a longer call is spread. Default 256. */
  readonly maxGroupRows?: number;
  readonly meter?: EndpointsMeter;
  readonly clock?: Clock;
  /** From 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** Less than what the endpoints keep for themselves, so that a fallback can still answer when they have not. */
const replyMarginMs = 4;

/** Backends that can answer the same, as one: it chooses, retries, leaves the sick alone and falls back. */
export interface Endpoints extends Backend {
  /** One more to ask. Throws for a name that another has, and for a class that stands on no rung. */
  add(endpoint: Endpoint): void;
  /** It is asked no more, and closed when it has answered what it was asked. */
  remove(backend: Backend): Promise<void>;
}

/** @param endpoints Those to begin with; while there are none, only the fallbacks answer. */
export function createEndpoints(
  endpoints: readonly Endpoint[],
  options: EndpointsOptions = {},
): Endpoints {
  const { name = "endpoints", ladder = [["cuda"], ["cpu"], ["edge"]], fallbacks = [] } = options;
  const { meter = silentEndpointsMeter, clock = systemClock, random = Math.random } = options;
  const { maxGroupRows = 256 } = options;
  const set = createMemberSet({ ladder, clock, meter });
  for (const endpoint of endpoints) set.add(endpoint);
  const { members } = set;
  const calls = createPendingCalls<never>({
    replyMarginMs,
    clock,
    finished: (answers) => meter.answered(outcomeOf(answers)),
  });
  const budget = createRetryBudget(clock);
  const start = createAttempts({ members, fallbacks, calls, budget, meter, clock, random });
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await calls.drained();
    await Promise.all([set.close(), ...fallbacks.map(({ backend }) => backend.close())]);
  }

  const ready = (model: string, version: string) =>
    closing === undefined ? members.filter(({ backend }) => backend.isReady(model, version)) : [];
  return {
    name,
    answer(queries) {
      if (closing !== undefined) return answerAll(queries, closed(name));
      const pending = calls.open(queries);
      for (const group of groupsOf(pending, maxGroupRows)) start(group);
      return pending.answered;
    },
    isReady: (model, version) => ready(model, version).length > 0,
    costMs: (model, version, rows) =>
      Math.min(...ready(model, version).map(({ backend }) => backend.costMs(model, version, rows))),
    add: (endpoint) => set.add(endpoint),
    remove: (backend) => set.remove(backend),
    close: () => (closing ??= close()),
  };
}

function outcomeOf(answers: readonly Answer[]): Outcome {
  const failedRows = answers.filter((answer) => answer instanceof ServingError).length;
  const degradedRows = answers.filter((answer) => "degraded" in answer).length;
  return { rows: answers.length, failedRows, degradedRows };
}
