import type { Suite } from "../suite.ts";

export const suite: Suite = {
  summary: "does every route answer? Two seconds, two connections",
  connections: 2,
  forMs: 2_000,
  requests: ({ model }) => [
    { method: "GET", path: "/v1/models" },
    { method: "GET", path: "/openapi.json" },
    {
      method: "POST",
      path: `/v1/models/${model}:recommend`,
      body: JSON.stringify({ userId: "u1", topK: 5 }),
      replies: "recommend",
    },
    {
      method: "POST",
      path: `/v1/models/${model}:batchRecommend`,
      body: JSON.stringify({ requests: [{ userId: "u1" }, { userId: "nobody" }] }),
      replies: "batch-recommend",
    },
    {
      method: "POST",
      path: "/api/playlist/recommend/",
      body: JSON.stringify({ user_ids: ["u1", "u2"] }),
    },
  ],
};
