import type { Answer, Backend, Query } from "../backend.ts";
import { createCallCount } from "../call-count.ts";
import { answerAll, closed } from "../refusals.ts";
import { createFlights } from "./flights.ts";
import { createPlanning, type LookupOptions, type Plan } from "./planning.ts";

export interface CachingOptions extends LookupOptions {
  readonly learnt: (key: string, answer: Answer) => void;
}

/** Asks for what is not known, and of equal queries for one. */
export function createCachingBackend(inner: Backend, options: CachingOptions): Backend {
  const { clock, learnt } = options;
  const calls = createCallCount();
  const flights = createFlights({
    clock,
    ask: async (query) => (await inner.answer([query]))[0]!,
    startOver: async (query) => (await answer([query]))[0]!,
  });
  const planOf = createPlanning({ ...options, flights });
  let closing: Promise<void> | undefined;

  async function ask({ leads, answers }: Plan): Promise<void> {
    if (leads.length === 0) return;
    const asked = await inner.answer(leads.map(({ query }) => query));
    leads.forEach(({ place, flight }, i) => {
      const answer = (answers[place] = asked[i]!);
      if (flight === undefined) return;
      learnt(flight.key, answer);
      flights.land(flight, answer);
    });
  }

  async function follow({ follows, answers }: Plan): Promise<void> {
    if (follows.length === 0) return;
    const told = await flights.follow(follows);
    follows.forEach(({ place }, i) => (answers[place] = told[i]!));
  }

  async function answer(queries: readonly Query[]): Promise<readonly Answer[]> {
    const plan = planOf(queries);
    await Promise.all([ask(plan), follow(plan)]);
    return plan.answers;
  }

  return {
    name: inner.name,
    answer(queries) {
      if (closing !== undefined) return answerAll(queries, closed(inner.name));
      return calls.during(() => answer(queries));
    },
    isReady: (model, version) => closing === undefined && inner.isReady(model, version),
    costMs: (...asked) => (closing === undefined ? inner.costMs(...asked) : Infinity),
    close: () => (closing ??= calls.none().then(() => inner.close())),
  };
}
