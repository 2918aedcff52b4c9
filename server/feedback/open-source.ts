import { access } from "node:fs/promises";
import type { FeedbackSource } from "./feedback-sink.ts";
import { openSpoolSource } from "./spool/read-spool.ts";

/** @param place As the setting `feedback` names it. */
export async function openFeedbackSource(place: string): Promise<FeedbackSource> {
  await access(place);
  return openSpoolSource(place);
}
