import { ServingError } from "../proto/serving-error.ts";
import type { Answer, Backend, Query } from "./backend.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createHostedModels, type Hosted, type ListedModel } from "./hosted-models.ts";
import { answerAll, closed } from "./refusals.ts";

/** Many models, each in one or more versions, as one backend. A query without a version goes to the newest that is ready. */
export interface Host extends Backend {
  /** Replaces what has the same model and version; resolves when that has closed. */
  add(hosted: Hosted): Promise<void>;
  /** New queries no longer reach it; resolves when it has answered those in flight and closed. */
  remove(model: string, version: string): Promise<void>;
  /** Models in order of arrival, their newest version first. */
  list(): readonly ListedModel[];
}

export function createHost(name = "host", clock: Clock = systemClock): Host {
  const models = createHostedModels();
  const leaving = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;

  const leave = async (backend: Backend | undefined) => {
    if (backend === undefined) return;
    const left = backend.close();
    leaving.add(left);
    await left.finally(() => leaving.delete(left));
  };

  return {
    name,
    answer(queries) {
      if (closing !== undefined) return answerAll(queries, closed(name));
      const first = queries[0];
      if (first === undefined) return answerAll([], closed(name));
      const isOneTarget = queries.every(
        (query) => query.model === first.model && query.version === first.version,
      );
      const nowMs = clock.now();
      if (!isOneTarget)
        return answerSplit(queries, ({ model, version }) => models.ask(model, version, nowMs));
      const target = models.ask(first.model, first.version, nowMs);
      return target instanceof ServingError ? answerAll(queries, target) : target.answer(queries);
    },
    isReady(model, version) {
      const target = models.find(model, version);
      return (
        closing === undefined && !(target instanceof ServingError) && target.isReady(model, version)
      );
    },
    costMs(model, version, rows) {
      const target = models.find(model, version);
      return closing !== undefined || target instanceof ServingError
        ? Infinity
        : target.costMs(model, version, rows);
    },
    async close() {
      closing ??= closeAll(models.list());
      await Promise.all([closing, ...leaving]);
    },
    // A version that finishes loading while the host shuts down has no one else to close it.
    add: (hosted) => leave(closing === undefined ? models.put(hosted) : hosted.backend),
    remove: (model, version) => leave(models.take(model, version)),
    list: () => models.list(),
  };
}

/** Each target gets its queries in one call; the answers come back in the order of the queries. */
async function answerSplit(
  queries: readonly Query[],
  find: (query: Query) => Backend | ServingError,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const places = new Map<Backend, number[]>();
  queries.forEach((query, place) => {
    const target = find(query);
    if (target instanceof ServingError) answers[place] = target;
    else {
      const own = places.get(target);
      if (own === undefined) places.set(target, [place]);
      else own.push(place);
    }
  });
  const parts = [...places].map(async ([target, own]) => {
    const part = await target.answer(own.map((place) => queries[place]!));
    own.forEach((place, i) => (answers[place] = part[i]!));
  });
  await Promise.all(parts);
  return answers;
}

async function closeAll(hosted: readonly Hosted[]): Promise<void> {
  await Promise.all(hosted.map(({ backend }) => backend.close()));
}
