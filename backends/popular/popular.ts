import type { Answer, Backend, Query } from "../backend.ts";
import {
  RecommendRequest,
  RecommendResponse,
  type Item,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { createQuery } from "../query.ts";
import { createReply } from "../reply.ts";
import { createNamesakes, type Namesakes } from "./namesakes.ts";

/** Remembers what is popular, for when nothing better can answer. */
export interface Popular {
  readonly backend: Backend;
  /** Asks the source what it recommends to somebody about whom nothing is known; keeps what it knew where that fails. */
  refresh(source: Backend, models: readonly string[]): Promise<void>;
}

interface PopularItems {
  readonly response: RecommendResponse;
  readonly namesakes: Namesakes;
}

/** Enough to leave out what a caller excludes, and little to keep. */
const kept = 200;
const maxModels = 256;
const refreshTimeoutMs = 2_000;
/** For models that refuse to go by nothing: an id of no item is as good as nothing. */
const noItem = "crossfade: no item";

export function createPopular(): Popular {
  const known = new Map<string, PopularItems>();
  const needHistory = new Set<string>();

  async function refreshOne(source: Backend, model: string): Promise<void> {
    const [answer] = await source.answer([strangersQuery(model, needHistory.has(model))]);
    if (isRefusal(answer) && !needHistory.has(model) && needHistory.size < maxModels) {
      needHistory.add(model);
      return refreshOne(source, model);
    }
    if (answer === undefined || answer instanceof ServingError || answer.degraded !== undefined)
      return;
    if (known.size < maxModels || known.has(model))
      known.set(model, popularItems(RecommendResponse.decode(answer.bytes)));
  }

  return {
    refresh: async (source, models) =>
      void (await Promise.all(models.map((model) => refreshOne(source, model)))),
    backend: {
      name: "popular",
      answer: async (queries) => queries.map((query) => answerOne(query, known.get(query.model))),
      isReady: (model) => known.has(model),
      costMs: (model) => (known.has(model) ? 0 : Infinity),
      close: async () => {},
    },
  };
}

function popularItems(response: RecommendResponse): PopularItems {
  return { response, namesakes: createNamesakes(response.items) };
}

function isRefusal(answer: Answer | undefined): boolean {
  return answer instanceof ServingError && answer.code === Code.INVALID_ARGUMENT;
}

function strangersQuery(model: string, needsHistory: boolean): Query {
  const history = needsHistory ? [noItem] : [];
  const bytes = RecommendRequest.encode(
    RecommendRequest.fromPartial({ model, history, topK: kept }),
  ).finish();
  const deadlineMs = performance.now() + refreshTimeoutMs;
  const call = {
    deadlineMs,
    signal: new AbortController().signal,
    metadata: new Map<string, string>(),
  };
  return createQuery(bytes, call, { model, version: "", user: new Uint8Array(), topK: kept });
}

function answerOne(query: Query, popular: PopularItems | undefined): Answer {
  if (popular === undefined)
    return new ServingError("UNAVAILABLE", "what is popular is not known yet; retry later");
  try {
    return createReply(encodeFor(query.request(), popular));
  } catch (error) {
    return ServingError.from(error);
  }
}

/** Decodes and encodes, unlike all else on the way of a query: this answers when little is left to be busy with. */
function encodeFor(request: RecommendRequest, popular: PopularItems): Uint8Array {
  const { items, served } = popular.response;
  const { candidates, exclude, excludeHistory, history, tracks, topK = 10 } = request;
  const excluded = new Set(excludeHistory ? [...exclude, ...history] : exclude);
  const named = new Set(excludeHistory ? tracks.flatMap(popular.namesakes) : []);
  const wanted = new Set(candidates);
  const fits = ({ id }: Item, index: number) =>
    !excluded.has(id) && !named.has(index) && (wanted.size === 0 || wanted.has(id));
  return RecommendResponse.encode(
    RecommendResponse.fromPartial({
      items: items.filter(fits).slice(0, topK),
      served: {
        ...served,
        backend: "popular",
        coldStart: true,
        degraded: "popular",
        unknownCount: 0,
        unknownIds: [],
      },
    }),
  ).finish();
}
