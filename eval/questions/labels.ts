import { RouteReason, type TrackCounts } from "../../proto/gen/crossfade/v1/recommender.ts";
import { nameOf, ServingError } from "../../proto/serving-error.ts";
import type { Answered } from "./question.ts";

/** What replies say of themselves, counted. */
export interface Labels {
  readonly calls: number;
  /** Calls without a reply, by code and message. */
  readonly failed: Counts;
  /** Replies that are less than the model's best, by why. */
  readonly degraded: Counts;
  readonly coldStart: number;
  /** Answered by another arm than the user's. */
  readonly spilled: number;
  /** Replies that missed some of the ids they were sent, and how many ids. */
  readonly withUnknownIds: number;
  readonly unknownIds: number;
  /** What became of tracks by name. */
  readonly tracks: TrackCounts;
  /** By "model@version". */
  readonly versions: Counts;
  readonly backends: Counts;
  readonly arms: Counts;
}

export type Counts = Readonly<Record<string, number>>;

/** Messages may name each user. */
const mostReasons = 20;

export function countLabels(answers: readonly Answered[]): Labels {
  const failed = createCount();
  const degraded = createCount();
  const versions = createCount();
  const backends = createCount();
  const arms = createCount();
  const tracks = { known: 0, matched: 0, new: 0 };
  let [coldStart, spilled, withUnknownIds, unknownIds] = [0, 0, 0, 0];
  for (const answer of answers) {
    if (answer instanceof ServingError) {
      failed.add(`${nameOf(answer.code)}: ${answer.message}`);
      continue;
    }
    const { served, routed } = answer;
    const why = [served?.degraded, routed?.degraded].filter(Boolean).join("; ");
    if (why !== "") degraded.add(why);
    if (served?.coldStart) coldStart += 1;
    if (routed?.reason === RouteReason.SPILL) spilled += 1;
    if (served !== undefined && served.unknownCount > 0) withUnknownIds += 1;
    unknownIds += served?.unknownCount ?? 0;
    tracks.known += served?.tracks?.known ?? 0;
    tracks.matched += served?.tracks?.matched ?? 0;
    tracks.new += served?.tracks?.new ?? 0;
    versions.add(`${served?.model ?? ""}@${served?.modelVersion ?? ""}`);
    backends.add(served?.backend ?? "");
    if (routed !== undefined) arms.add(routed.arm);
  }
  return {
    calls: answers.length,
    failed: failed.counts(),
    degraded: degraded.counts(),
    coldStart,
    spilled,
    withUnknownIds,
    unknownIds,
    tracks,
    versions: versions.counts(),
    backends: backends.counts(),
    arms: arms.counts(),
  };
}

function createCount() {
  const counts = new Map<string, number>();
  return {
    add(name: string) {
      const key = counts.has(name) || counts.size < mostReasons ? name : "others";
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    counts: (): Counts => Object.fromEntries(counts),
  };
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** "3 × UNAVAILABLE: …, 1 × …" */
export function describeCounts(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} × ${name}`)
    .join(", ");
}
