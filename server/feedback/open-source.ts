import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FeedbackSource } from "./feedback-sink.ts";
import { readPlace, type PlaceConfig } from "./read-place.ts";
import { listSpool } from "./spool/spool-folder.ts";
import { openSpoolSource } from "./spool/read-spool.ts";
import { openStreamSource } from "./stream/read-stream.ts";

/** A folder without a file of ours is another one than whoever wrote meant. */
async function refuseOtherFolder(dir: string): Promise<void> {
  if ((await listSpool(dir)).length > 0) return;
  const inside = (await readdir(dir, { withFileTypes: true })).filter((one) => one.isDirectory());
  const places = inside.map(({ name }) => join(dir, name));
  const found = await Promise.all(places.map((place) => listSpool(place).catch(() => [])));
  const meant = places.find((_, i) => found[i]!.length > 0);
  const hint = meant === undefined ? "" : `; there are in ${meant}`;
  throw new Error(`no feedback files in ${dir}${hint}`);
}

/** What the same settings keep. */
export async function openFeedbackSource(config: PlaceConfig): Promise<FeedbackSource> {
  const place = await readPlace(config);
  if ("stream" in place) return openStreamSource(place.stream);
  await refuseOtherFolder(place.dir);
  return openSpoolSource(place.dir);
}
