import { expect, test } from "vitest";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Backend, Query } from "../backend.ts";
import { createQueryReader } from "../query.ts";
import { createReply } from "../reply.ts";
import { createPopular } from "./popular.ts";

const ids = ["a", "b", "c", "d"];

function source(refusal?: (request: RecommendRequest) => ServingError | undefined): Backend {
  const response = RecommendResponse.fromPartial({
    items: ids.map((id, i) => ({ id, score: 9 - i, title: id.toUpperCase(), artist: "Sleep" })),
    served: { model: "m", modelVersion: "3", backend: "cpu", coldStart: true },
  });
  const reply = createReply(RecommendResponse.encode(response).finish());
  return {
    name: "source",
    answer: async (queries) => queries.map((query) => refusal?.(query.request()) ?? reply),
    isReady: () => true,
    costMs: () => 0,
    close: async () => {},
  };
}

const away = () => new ServingError("UNAVAILABLE", "away");

function query(fields: Parameters<typeof RecommendRequest.fromPartial>[0]): Query {
  const bytes = RecommendRequest.encode(
    RecommendRequest.fromPartial({ model: "m", ...fields }),
  ).finish();
  const { signal } = new AbortController();
  return createQueryReader()(bytes, { deadlineMs: Infinity, signal, metadata: new Map() });
}

async function ask(backend: Backend, one: Query): Promise<RecommendResponse> {
  const [answer] = await backend.answer([one]);
  if (answer instanceof ServingError) throw answer;
  return RecommendResponse.decode(answer!.bytes);
}

test("answers with what is popular, less what is excluded, and says so", async () => {
  const popular = createPopular();
  await popular.refresh(source(), ["m"]);
  const reply = await ask(
    popular.backend,
    query({ exclude: ["a"], history: ["b"], excludeHistory: true, topK: 1 }),
  );
  expect(reply.items.map(({ id }) => id)).toEqual(["c"]);
  expect(reply.served).toMatchObject({
    modelVersion: "3",
    backend: "popular",
    degraded: "popular",
  });
});

test("ranks only candidates", async () => {
  const popular = createPopular();
  await popular.refresh(source(), ["m"]);
  const { items } = await ask(popular.backend, query({ candidates: ["d", "b", "x"] }));
  expect(items.map(({ id }) => id)).toEqual(["b", "d"]);
});

test("keeps what it knew when the source fails, and knows nothing before it was asked", async () => {
  const popular = createPopular();
  await popular.refresh(source(away), ["m"]);
  expect(popular.backend.isReady("m", "")).toBe(false);
  await expect(ask(popular.backend, query({}))).rejects.toThrow("not known yet");
  await popular.refresh(source(), ["m"]);
  await popular.refresh(source(away), ["m"]);
  expect((await ask(popular.backend, query({}))).items).toHaveLength(4);
});

test("what the request names is left out with its history, and only then", async () => {
  const popular = createPopular();
  await popular.refresh(source(), ["m"]);
  const tracks = [
    { title: "b (Live)", artist: "SLEEP" },
    { title: "C", artist: "Wolf" },
    { title: 'D (From "A Film")', artist: "Sleep" },
  ];
  const idsOf = async (excludeHistory: boolean) =>
    (await ask(popular.backend, query({ tracks, excludeHistory }))).items.map(({ id }) => id);
  expect(await idsOf(true)).toEqual(["a", "c"]);
  expect(await idsOf(false)).toEqual(ids);
});

test("a model that goes by nothing is asked by a history of nothing known", async () => {
  const asked: number[] = [];
  const model = source(({ history, tracks }) => {
    asked.push(history.length);
    return history.length + tracks.length > 0
      ? undefined
      : new ServingError("INVALID_ARGUMENT", "send tracks");
  });
  const popular = createPopular();
  await popular.refresh(model, ["m"]);
  await popular.refresh(model, ["m"]);
  expect(asked).toEqual([0, 1, 1]);
  expect((await ask(popular.backend, query({}))).items).toHaveLength(4);
});

test("a model that refuses every stranger is asked twice at most", async () => {
  let asked = 0;
  const refused = () => {
    asked += 1;
    return new ServingError("INVALID_ARGUMENT", "who are you?");
  };
  const popular = createPopular();
  await popular.refresh(source(refused), ["m"]);
  expect([asked, popular.backend.isReady("m", "")]).toEqual([2, false]);
});
