import { expect, test } from "vitest";
import { createPuppet } from "../../backends/puppet.ts";
import { createTally } from "../../models/ranking/tally.ts";
import type { LoadedVersion } from "../model-version.ts";
import { createMetrics } from "./metrics.ts";

const by = { model: "music", version: "7", backend: "cpu-qint8" };

function openLoaded() {
  const metrics = createMetrics();
  const tally = createTally(Array.from({ length: 200 }, (_, item) => item));
  const loaded: LoadedVersion = {
    model: by.model,
    version: by.version,
    backend: createPuppet({ ...by, name: by.backend }),
    info: {
      family: "two-tower",
      variant: "qint8",
      itemCount: 200,
      created: new Date("2025-01-31T00:00:00Z"),
      overlapAt10: 1,
      idType: "string",
    },
    recommended: tally.recommended,
  };
  metrics.models.loaded(loaded);
  /** Value by name and further labels, of this version. */
  async function own(): Promise<Readonly<Record<string, number>>> {
    const labels = 'model="music",version="7",backend="cpu-qint8"';
    const lines = (await metrics.render()).split("\n").filter((line) => line.includes(labels));
    return Object.fromEntries(
      lines.map((line) => {
        const [series, value] = line.split(/ (?=\S+$)/);
        return [series!.replace(labels, "").replace("crossfade_", ""), Number(value)];
      }),
    );
  }
  return { metrics, tally, loaded, own };
}

test("what is recommended is shown by version, and ends with it", async () => {
  const { metrics, tally, loaded, own } = openLoaded();
  for (const item of [0, 1, 1, 10, 100]) tally.item(item);
  for (const score of [3, 3.1, -0.5]) tally.topScore(score);
  expect(Object.keys(await own()).some((name) => name.includes("tracks"))).toBe(false);
  tally.tracks({ known: 4, matched: 2, new: 1 });
  expect(await own()).toMatchObject({
    "recommended_items_total{}": 5,
    'recommended_popular_items_total{,top_percent="1"}': 3,
    'recommended_popular_items_total{,top_percent="10"}': 4,
    "recommended_rank_shares_total{}": expect.closeTo(0.56, 3),
    "recommended_distinct_items{}": 4,
    "model_items{}": 200,
    'request_tracks_total{,found="known"}': 4,
    'request_tracks_total{,found="matched"}': 2,
    'request_tracks_total{,found="new"}': 1,
    'top_scores_total{,bin="3"}': 2,
    'top_scores_total{,bin="-0.5"}': 1,
  });
  tally.item(5);
  expect(await own()).toMatchObject({ "recommended_items_total{}": 6 });
  metrics.models.unloaded(loaded);
  expect(await own()).toEqual({});
});

test("what waits and what runs is shown as of now, until the version is unloaded", async () => {
  const { metrics, loaded, own } = openLoaded();
  let queuedRows = 3;
  metrics.models
    .meterFor(by)
    .opened(() => ({ queuedRows, maxQueuedRows: 4_096, runningBatches: 2 }));
  expect(await own()).toMatchObject({
    "queued_rows{}": 3,
    "queue_limit_rows{}": 4_096,
    "running_batches{}": 2,
  });
  queuedRows = 0;
  expect(await own()).toMatchObject({ "queued_rows{}": 0 });
  metrics.models.unloaded(loaded);
  expect(await own()).toEqual({});
});

test("versions that cannot be loaded are counted while they are there", async () => {
  const { metrics } = openLoaded();
  let counts = new Map([["music", 1]]);
  metrics.models.watchUnloadable(() => counts);
  const shown = 'crossfade_model_unloadable_versions{model="music"} 1\n';
  expect(await metrics.render()).toContain(shown);
  counts = new Map();
  expect(await metrics.render()).not.toContain(shown);
});
