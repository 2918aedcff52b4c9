import { createHistogram } from "../../histogram/create-histogram.ts";
import type { Recorder } from "../../histogram/histogram.ts";
import type { Share } from "../../run-result.ts";

/** Who answered, by name. */
export interface Shares {
  answered(name: string, latencyMs: number, isDegraded: boolean): void;
  /** Answers by name. */
  counts(): Readonly<Record<string, number>>;
  list(): Readonly<Record<string, Share>>;
}

/** Names come from whoever answers: more than these are counted together. */
const maxNames = 64;
const others = "(others)";

export function createShares(): Shares {
  const shares = new Map<string, { answers: number; degraded: number; latency: Recorder }>();

  function find(name: string) {
    const known = shares.get(name);
    if (known) return known;
    if (shares.size >= maxNames && name !== others) return find(others);
    const share = { answers: 0, degraded: 0, latency: createHistogram() };
    shares.set(name, share);
    return share;
  }

  return {
    answered(name, latencyMs, isDegraded) {
      const share = find(name);
      share.answers++;
      if (isDegraded) share.degraded++;
      share.latency.record(latencyMs);
    },
    counts: () => Object.fromEntries(Array.from(shares, ([name, { answers }]) => [name, answers])),
    list: () =>
      Object.fromEntries(
        Array.from(shares, ([name, { latency, ...counts }]) => [
          name,
          { ...counts, latency: latency.snapshot() },
        ]),
      ),
  };
}
