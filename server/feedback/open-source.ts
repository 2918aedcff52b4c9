import { access } from "node:fs/promises";
import type { FeedbackSource } from "./feedback-sink.ts";
import { readPlace, type PlaceConfig } from "./read-place.ts";
import { openSpoolSource } from "./spool/read-spool.ts";
import { openStreamSource } from "./stream/read-stream.ts";

/** What the same settings keep. */
export async function openFeedbackSource(config: PlaceConfig): Promise<FeedbackSource> {
  const place = await readPlace(config);
  if ("stream" in place) return openStreamSource(place.stream);
  await access(place.dir);
  return openSpoolSource(place.dir);
}
