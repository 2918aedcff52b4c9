import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  RecommendRequest,
  RecommendResponse,
} from "../../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../../proto/request-limits.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { partFile, variantOf } from "../../bundle/bundle.ts";
import { writeBundle } from "../../bundle/write-bundle.ts";
import { buildCatalogue } from "../../catalogue/build-index.ts";
import { draftBundle } from "../../exporting/draft-bundle.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import { createGrams } from "../../names/grams.ts";
import { readNames, type NamedTrack } from "../../names/read-names.ts";
import { createTrackName } from "../../names/track-name.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { referenceScores } from "../graph/reference.fixture.ts";
import { openColdStart } from "../open.ts";
import { exportColdStart } from "./export-cold-start.ts";
import { readTrained } from "./trained/read-trained.ts";
import { textOfTrained } from "./trained/text-of-trained.ts";
import { toWeights } from "./trained/to-weights.ts";
import { randomTrained, song, writeTrained } from "./trained/write-trained.fixture.ts";

const items = 90;
const playlists = 200;

test(`fp32 answers ${playlists} playlists by name as the network in the trained folder is defined`, async () => {
  const dir = await mkdtemp(join(tmpdir(), "parity-"));
  try {
    await writeTrained(dir, randomTrained({ items, playlists }));
    const trained = await readTrained(dir);
    const weights = toWeights(trained);
    const source = {
      weights,
      text: textOfTrained(dir, trained),
      items: buildCatalogue(trained.items),
      popularity: Float32Array.from(trained.items, ({ count }) => count),
      playlists: trained.playlists,
      version: "1",
    };
    const parts = await mkdtemp(join(dir, "parts-"));
    const options = { dir: parts, open: openRunner, variants: [], mostProbes: 1 };
    const names = { model: "songs", version: "1", family: "cold-start", idType: "string" } as const;
    const draft = draftBundle(
      await exportColdStart(source, options),
      { items: source.items, userIds: undefined },
      names,
    );
    const bundle = await writeBundle(join(dir, "songs/1"), draft);
    const { family, graph } = await openColdStart(bundle, variantOf(bundle, "fp32"), {
      limits: defaultRequestLimits,
    });
    const runner = await openRunner(partFile(bundle, graph));
    const askedIn = createAsking(weights.text.kind === "grams" ? weights.text.buckets : 0);
    let furthest = 0;
    for (const { tracks } of trained.playlists) {
      const row = family.read(
        RecommendRequest.encode(
          RecommendRequest.fromPartial({ tracks: [...tracks], topK: items }),
        ).finish(),
      );
      if (row instanceof ServingError) throw row;
      const outputs = await runner.run(family.encode([row]), unhurried);
      const reply = RecommendResponse.decode(
        family.reply(row, { model: "songs", version: "1", backend: "test" }, { outputs, index: 0 }),
      );
      const expected = referenceScores(weights, askedIn(tracks));
      expect(reply.items).toHaveLength(items);
      for (const { id, score } of reply.items)
        furthest = Math.max(furthest, Math.abs(score - expected[Number(id.slice(1))]!));
    }
    await runner.close();
    expect(furthest).toBeLessThan(1e-4);
  } finally {
    await rm(dir, { recursive: true });
  }
});

/** What the network is asked: of the fixture's songs the first ones are items, in their order. */
function createAsking(buckets: number) {
  const numbers = new Map(Array.from({ length: items }, (_, i) => [song(i).title, i]));
  const track = createTrackName();
  const grams = createGrams(buckets);
  const gramsOf = (named: NamedTrack) => {
    readNames(track, named);
    grams.read(track);
    const { title, artist } = grams;
    return {
      title: [...title.indexes.subarray(0, title.count)],
      artist: [...artist.indexes.subarray(0, artist.count)],
    };
  };
  return (tracks: readonly NamedTrack[]) => ({
    known: tracks.flatMap(({ title }) => numbers.get(title) ?? []),
    fresh: tracks.filter(({ title }) => !numbers.has(title)).map(gramsOf),
  });
}
