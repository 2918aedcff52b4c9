import type { TimingFeeds } from "../../exporting/latency.ts";
import type { ProbeFeeds } from "../../exporting/rank-probes.ts";
import type { Tensors } from "../../tensors.ts";
import { encodeRows } from "../encode-rows.ts";
import type { SequenceShape } from "../shape.ts";

export interface FeedOptions {
  readonly weights: Pick<SequenceShape, "items" | "users">;
  /** In ascending order. */
  readonly lengths: readonly number[];
  /** False: the graph takes everybody for a stranger. */
  readonly knowsUsers: boolean;
}

interface Asked {
  readonly user: number;
  /** Item indexes, oldest first. */
  readonly history: Int32Array;
}

/** Batches in which all have the length that the longest one needs. */
export function probeFeeds(options: FeedOptions): ProbeFeeds {
  return (probes, fetch) => encode(probes, fetch, options);
}

/** Different users with sequences of the greatest length. */
export function timingFeeds(options: FeedOptions): TimingFeeds {
  const { weights, lengths } = options;
  const history = Int32Array.from({ length: lengths.at(-1)! }, (_, i) => (i * 7) % weights.items);
  return (rows) => {
    const asked = Array.from({ length: rows }, (_, i) => ({
      user: weights.users === 0 ? -1 : i % weights.users,
      history,
    }));
    return encode(asked, Math.min(10, weights.items), options);
  };
}

function encode(rows: readonly Asked[], fetch: number, options: FeedOptions): Tensors {
  const { weights, lengths, knowsUsers } = options;
  const most = lengths.at(-1)!;
  const longest = Math.max(...rows.map(({ history }) => history.length));
  const length = lengths.find((one) => one >= longest) ?? most;
  const encoded = rows.map(({ user, history }) => ({
    user: knowsUsers ? user : -1,
    sequence: history.subarray(-most),
    candidates: undefined,
    shape: { length, candidates: 0, fetch },
  }));
  return encodeRows(encoded, { padding: "left", itemCount: weights.items });
}
