import type { TrackCounts } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Recommended } from "../recommended.ts";
import { createScoreBins } from "./score-bins.ts";

/** Hears of every item that is recommended, so nothing here may cost more than a few additions. */
export interface Tally {
  readonly item: (item: number) => void;
  /** The best score of a reply that the model ranked. */
  readonly topScore: (score: number) => void;
  /** So many item ids were in the request that was answered. */
  readonly ids: (count: number) => void;
  /** So many tracks by name were in it. */
  readonly tracks: (counts: TrackCounts) => void;
  readonly recommended: Recommended;
}

export interface TallyOptions {
  /** Default `performance.now`. */
  readonly now?: () => number;
}

/** So long the different items are counted. */
const hourMs = 3_600_000;
const rankSteps = 2 ** 16;

/** @param ranking All items, the most popular first. */
export function createTally(
  ranking: ArrayLike<number>,
  { now = () => performance.now() }: TallyOptions = {},
): Tally {
  const itemCount = ranking.length;
  const ranks = ranksOf(ranking);
  const topHundredth = rankAt(Math.ceil(itemCount / 100), itemCount);
  const topTenth = rankAt(Math.ceil(itemCount / 10), itemCount);
  const seen = createSeen(itemCount, now);
  const scores = createScoreBins();
  let items = 0;
  let inTopHundredth = 0;
  let inTopTenth = 0;
  let rankSum = 0;
  let ids = 0;
  const tracks = { known: 0, matched: 0, new: 0 };
  let hasTracks = false;
  return {
    item(item) {
      const rank = ranks[item]!;
      items++;
      rankSum += rank;
      if (rank < topTenth) inTopTenth++;
      if (rank < topHundredth) inTopHundredth++;
      seen.mark(item);
    },
    topScore: scores.add,
    ids: (count) => void (ids += count),
    tracks(counts) {
      tracks.known += counts.known;
      tracks.matched += counts.matched;
      tracks.new += counts.new;
      hasTracks = true;
    },
    recommended: {
      itemCount,
      counts: () => ({
        items,
        inTopHundredth,
        inTopTenth,
        rankShares: rankSum / rankSteps,
        distinctItems: seen.count(),
        requestIds: ids,
        ...(hasTracks && { requestTracks: { ...tracks } }),
      }),
      topScores: scores.list,
    },
  };
}

/** Each item's place as a share of the catalogue, in steps that fit two bytes. */
function ranksOf(ranking: ArrayLike<number>): Uint16Array {
  const ranks = new Uint16Array(ranking.length);
  for (let place = 0; place < ranking.length; place++)
    ranks[ranking[place]!] = rankAt(place, ranking.length);
  return ranks;
}

function rankAt(place: number, itemCount: number): number {
  return Math.floor((place * rankSteps) / itemCount);
}

/** Hours are told apart by a number in a byte; before it comes again, all is forgotten. */
const hourNumbers = 255;

/** Counts different items by the hour. Hours end when somebody looks, so that marking needs no clock. */
function createSeen(itemCount: number, now: () => number) {
  const hours = new Uint8Array(itemCount);
  let hour = 1;
  let beganMs = now();
  let distinct = 0;
  let lastHour: number | undefined;

  function beginHour(nowMs: number): void {
    lastHour = distinct;
    distinct = 0;
    beganMs = nowMs;
    hour = hour === hourNumbers ? 1 : hour + 1;
    if (hour === 1) hours.fill(0);
  }

  return {
    mark(item: number): void {
      if (hours[item] === hour) return;
      hours[item] = hour;
      distinct++;
    },
    count(): number {
      const nowMs = now();
      if (nowMs - beganMs >= hourMs) beginHour(nowMs);
      return lastHour ?? distinct;
    },
  };
}
