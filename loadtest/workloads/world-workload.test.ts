import { expect, test } from "vitest";
import {
  BatchRecommendRequest,
  RecommendRequest,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { worldWorkload } from "./world-workload.ts";

const seed = 5;
const count = 2_000;

test("listeners come by Zipf, some of them unknown, with what they follow", () => {
  const { requests, call, replies } = worldWorkload({
    transport: "grpc",
    count,
    seed,
    coldBasisPoints: 2_000,
    history: 5,
    topK: 3,
  });
  expect(call).toEqual({
    transport: "grpc",
    path: "/crossfade.v1.RecommenderService/Recommend",
  });
  expect(replies).toBe("recommend");
  const decoded = requests.map((bytes) => RecommendRequest.decode(bytes));
  expect(decoded.every(({ model, topK }) => model === "playlists" && topK === 3)).toBe(true);
  const cold = decoded.filter(({ userId }) => userId.startsWith("new-")).length / count;
  expect(Math.abs(cold - 0.2)).toBeLessThan(0.05);
  const ofFirst = decoded.filter(({ userId }) => userId === "u0").length;
  const ofHundredth = decoded.filter(({ userId }) => userId === "u99").length;
  expect(ofFirst).toBeGreaterThan(10 * Math.max(1, ofHundredth));
  expect(Math.max(...decoded.map(({ history }) => history.length))).toBe(5);
});

const drawn = (seed: number) => worldWorkload({ transport: "grpc", count: 50, seed }).requests;

test("the same seed makes the same calls, another seed others", () => {
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
});

test("batches have the sizes that were asked for, in proportion", () => {
  const batches = [
    { users: 1, share: 3 },
    { users: 20, share: 1 },
  ];
  const { requests, call } = worldWorkload({ transport: "grpc", count, seed, batches });
  expect(call.path).toBe("/crossfade.v1.RecommenderService/BatchRecommend");
  const sizes = requests.map((bytes) => BatchRecommendRequest.decode(bytes).requests.length);
  expect(new Set(sizes)).toEqual(new Set([1, 20]));
  expect(Math.abs(sizes.filter((size) => size === 1).length / count - 0.75)).toBeLessThan(0.05);
});

const over = (transport: "grpc" | "http") =>
  worldWorkload({ transport, count: 20, seed, history: 2 });

test("the same calls as JSON", () => {
  const json = over("http").requests.map(
    (bytes) => JSON.parse(Buffer.from(bytes).toString()) as object,
  );
  const decoded = over("grpc").requests.map((bytes) => RecommendRequest.decode(bytes));
  expect(over("http").call.path).toBe("/v1/models/playlists:recommend");
  expect(json).toEqual(
    decoded.map(({ userId, history, topK }) => ({
      userId,
      ...(history.length > 0 && { history }),
      topK,
    })),
  );
});
