import type { Workload } from "../workload.ts";

const ofPaths: Readonly<Record<string, Workload["replies"]>> = {
  "/crossfade.v1.RecommenderService/Recommend": "recommend",
  "/crossfade.v1.RecommenderService/BatchRecommend": "batch-recommend",
};

/** Replies of Crossfade say which arm and backend made them; of others, only the status is known. */
export function replyKind({ path }: Workload["call"]): Workload["replies"] {
  if (Object.hasOwn(ofPaths, path)) return ofPaths[path]!;
  const [, verb] = /^\/v1\/models\/[^/]+:(recommend|batchRecommend)$/.exec(path) ?? [];
  if (verb === undefined) return "opaque";
  return verb === "recommend" ? "recommend" : "batch-recommend";
}
