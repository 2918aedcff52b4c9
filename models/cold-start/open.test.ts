import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RecommendRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { writeBundle } from "../bundle/write-bundle.ts";
import { buildCatalogue } from "../catalogue/build-index.ts";
import { openRunner } from "../onnx/ort-runner.fixture.ts";
import { Random } from "../random.ts";
import { exportColdStart } from "./export/export-cold-start.ts";
import { gramText } from "./export/gram-text.ts";
import { popularity, shape, songs, text } from "./family.fixture.ts";
import { openColdStart } from "./open.ts";
import { randomWeights } from "./random-weights.ts";
import type { ColdStartRow } from "./row.ts";

interface Changes {
  /** Songs in the catalogue, which may not be as many as the tables have rows. */
  readonly items?: number;
  readonly buckets?: number;
}

async function bundleWith({ items = songs.length, buckets }: Changes): Promise<Bundle> {
  const dir = await mkdtemp(join(tmpdir(), "open-cold-start-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const tracks = songs.slice(0, 3).map(({ title, artist = "" }) => ({ title, artist }));
  const { parts, variants, settings } = await exportColdStart(
    {
      weights: randomWeights(shape, new Random(1)),
      text: gramText(text),
      items: buildCatalogue(songs),
      popularity,
      playlists: [{ tracks, target: "s9" }],
      version: "1",
    },
    { dir, open: openRunner, variants: ["fp32"], mostProbes: 5 },
  );
  const content = new Uint8Array(buildCatalogue(songs.slice(0, items)).buffer);
  const changed = { ...settings.text, ...(buckets !== undefined && { buckets }) };
  return writeBundle(join(dir, "bundle"), {
    model: "songs",
    version: "1",
    family: "cold-start",
    idType: "string",
    created: new Date(0).toISOString(),
    settings: { ...settings, text: changed },
    parts: { ...parts, items: { file: "items.ids", version: "1", content } },
    variants,
  });
}

async function open(changes: Changes) {
  const bundle = await bundleWith(changes);
  return openColdStart(bundle, bundle.manifest.variants.fp32!, { limits: defaultRequestLimits });
}

test("opens what an export wrote", async () => {
  const { itemCount, weights, graph, family } = await open({});
  expect(itemCount).toBe(60);
  expect(graph).toMatch(/^fp32/);
  expect([...weights].sort()).toEqual(["body", "gram-vectors", "item-vectors"]);
  const tracks = [{ title: songs[4]!.title, artist: songs[4]!.artist ?? "" }];
  const row = family.read(
    RecommendRequest.encode(RecommendRequest.fromPartial({ tracks })).finish(),
  );
  expect([...(row as ColdStartRow).known]).toEqual([4]);
});

test.each([
  ["items", { items: 59 }, /part .* has \d+ bytes where the ids need \d+/],
  ["buckets", { buckets: 301 }, "part gram-vectors has 9632 bytes where the ids need 9664"],
])("refuses tables that are not as long as there are %s", async (_, changes, says) => {
  await expect(open(changes)).rejects.toThrow(says);
});
