import type { Registry } from "prom-client";
import type { Recommended, RecommendedCounts } from "../../models/recommended.ts";
import type { ByVersion } from "./by-version.ts";
import { readWhenShown } from "./read-when-shown.ts";

type Versions = ByVersion<Recommended>;

/** How the recommendations themselves are. */
export function showRecommended(registry: Registry, versions: Versions): void {
  showCounts(registry, versions);
  showTracks(registry, versions);
  showPopular(registry, versions);
  showCoverage(registry, versions);
  showTopScores(registry, versions);
}

function showCounts(registry: Registry, versions: Versions): void {
  const { labelNames } = versions;
  const counter = (name: string, help: string, valueOf: (counts: RecommendedCounts) => number) =>
    readWhenShown(registry, { kind: "counter", name, help, labelNames }, (add) => {
      for (const [by, one] of versions.all()) add(by, valueOf(one.counts()));
    });
  counter(
    "crossfade_recommended_items_total",
    "Items recommended: as many per answer as it has.",
    ({ items }) => items,
  );
  counter(
    "crossfade_recommended_rank_shares_total",
    "Places of recommended items by popularity, as shares of the catalogue: 0 is the most popular. Over crossfade_recommended_items_total it is their mean.",
    ({ rankShares }) => rankShares,
  );
  counter(
    "crossfade_request_ids_total",
    "Item ids in requests that were answered; crossfade_unknown_ids_total of them are unknown.",
    ({ requestIds }) => requestIds,
  );
}

function showTracks(registry: Registry, versions: Versions): void {
  const series = {
    kind: "counter",
    name: "crossfade_request_tracks_total",
    help: "Tracks by name in requests that were answered: known by that very name, matched by one that is written otherwise, or new to the model.",
    labelNames: [...versions.labelNames, "found"],
  } as const;
  readWhenShown(registry, series, (add) => {
    for (const [by, one] of versions.all())
      for (const [found, count] of Object.entries(one.counts().requestTracks ?? {}))
        add({ ...by, found }, count);
  });
}

function showPopular(registry: Registry, versions: Versions): void {
  const series = {
    kind: "counter",
    name: "crossfade_recommended_popular_items_total",
    help: "Recommended items that are among so many per cent of the catalogue that are the most popular.",
    labelNames: [...versions.labelNames, "top_percent"],
  } as const;
  readWhenShown(registry, series, (add) => {
    for (const [by, one] of versions.all()) {
      const { inTopHundredth, inTopTenth } = one.counts();
      add({ ...by, top_percent: "1" }, inTopHundredth);
      add({ ...by, top_percent: "10" }, inTopTenth);
    }
  });
}

function showCoverage(registry: Registry, versions: Versions): void {
  const { labelNames } = versions;
  const gauge = (name: string, help: string, valueOf: (one: Recommended) => number) =>
    readWhenShown(registry, { kind: "gauge", name, help, labelNames }, (add) => {
      for (const [by, one] of versions.all()) add(by, valueOf(one));
    });
  gauge(
    "crossfade_recommended_distinct_items",
    "Different items that this process recommended in the last full hour; in its first hour, so far.",
    (one) => one.counts().distinctItems,
  );
  gauge("crossfade_model_items", "Items in the catalogue.", ({ itemCount }) => itemCount);
}

function showTopScores(registry: Registry, versions: Versions): void {
  const series = {
    kind: "counter",
    name: "crossfade_top_scores_total",
    help: "Answers that the model ranked, by their best score: eight bins between a score and its double, each named by its end that is nearer to 0.",
    labelNames: [...versions.labelNames, "bin"],
  } as const;
  readWhenShown(registry, series, (add) => {
    for (const [by, one] of versions.all())
      for (const { from, replies } of one.topScores()) add({ ...by, bin: String(from) }, replies);
  });
}
