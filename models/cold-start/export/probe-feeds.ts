import type { TimingFeeds } from "../../exporting/latency.ts";
import type { ProbeFeeds } from "../../exporting/rank-probes.ts";
import type { Tensors } from "../../tensors.ts";
import { encodeRows } from "../encode-rows.ts";
import { laneFor } from "../lane.ts";
import type { TextTower } from "../tower.ts";
import type { TrackProbe } from "./to-probes.ts";

export interface FeedOptions {
  readonly tower: TextTower;
  readonly itemCount: number;
}

/** Batches in which all have the lengths that the longest of each needs. */
export function probeFeeds(options: FeedOptions): ProbeFeeds<TrackProbe> {
  return (probes, fetch) => encode(probes, fetch, options);
}

/** Of all probes the one of middling length, as often as asked for. */
export function timingFeeds(probes: readonly TrackProbe[], options: FeedOptions): TimingFeeds {
  const sorted = probes.toSorted((a, b) => tracksOf(a) - tracksOf(b));
  const middling = sorted[sorted.length >> 1]!;
  const fetch = Math.min(10, options.itemCount);
  return (rows) =>
    encode(
      Array.from({ length: rows }, () => middling),
      fetch,
      options,
    );
}

function tracksOf({ known, texts }: TrackProbe): number {
  return known.length + texts.count;
}

function encode(
  probes: readonly TrackProbe[],
  fetch: number,
  { tower, itemCount }: FeedOptions,
): Tensors {
  const most = (size: (probe: TrackProbe) => number) => Math.max(...probes.map(size));
  const lane = laneFor(
    {
      known: most(({ known }) => known.length),
      fresh: most(({ texts }) => texts.count),
      longest: most(({ texts }) => texts.longest),
      candidateCount: 0,
      wanted: fetch,
    },
    { tower, itemCount },
  );
  const shape = { ...lane, fetch };
  const rows = probes.map(({ known, texts }) => ({ known, texts, shape, candidates: undefined }));
  return encodeRows(rows, { tower, itemCount });
}
