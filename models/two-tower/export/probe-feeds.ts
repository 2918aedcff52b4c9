import type { TimingFeeds } from "../../exporting/latency.ts";
import type { ProbeFeeds } from "../../exporting/rank-probes.ts";
import { encodeRows } from "../encode-rows.ts";
import type { TwoTowerShape } from "../weights.ts";

/** Histories speak for newcomers only. */
export function probeFeeds(items: number): ProbeFeeds {
  return (probes, fetch) => {
    const shape = {
      history: Math.max(...probes.map(({ user, history }) => (user < 0 ? history.length : 0))),
      candidates: 0,
      fetch,
    };
    const rows = probes.map(({ user, history }) => ({
      user,
      shape,
      history: user < 0 ? history : new Int32Array(),
      candidates: undefined,
    }));
    return encodeRows(rows, items);
  };
}

/** Known users. */
export function timingFeeds({ users, items }: TwoTowerShape): TimingFeeds {
  const shape = { history: 0, candidates: 0, fetch: Math.min(10, items) };
  const row = (user: number) => ({ user, shape, history: new Int32Array(), candidates: undefined });
  return (rows) =>
    encodeRows(
      Array.from({ length: rows }, (_, i) => row(users === 0 ? -1 : i % users)),
      items,
    );
}
