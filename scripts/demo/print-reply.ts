import type { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";

export function printReply(title: string, reply: RecommendResponse): void {
  console.log(`\n${title}  (${answeredBy(reply)})`);
  for (const { score, title: name, artist, id } of reply.items) {
    const by = artist === "" ? "" : ` by ${artist}`;
    console.log(`  ${score.toFixed(3).padStart(8)}  ${id.padEnd(6)}  ${name}${by}`);
  }
}

export function answeredBy({ served }: RecommendResponse): string {
  const { modelVersion, backend, coldStart, tracks } = served ?? {};
  const found = tracks
    ? `, ${tracks.known} known, ${tracks.matched} matched, ${tracks.new} new`
    : "";
  return `version ${modelVersion} on ${backend}${coldStart ? ", cold start" : ""}${found}`;
}
