import { createHash } from "node:crypto";
import type { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";

/**
 * The id of feedback that brings none: its content. Whoever sends the same again, because he does not know whether it
 * arrived, is then not counted twice.
 */
export function contentIdOf(request: RecordFeedbackRequest): string {
  const { recommendationId, userId, liked, others, time } = request;
  const content = [recommendationId, userId, liked, time?.getTime() ?? null, ...others.toSorted()];
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("base64url");
  return `content-${hash.slice(0, 22)}`;
}
