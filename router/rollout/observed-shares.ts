import { bucketCount } from "../bucket.ts";
import { sketchError } from "../observe/user-sketch.ts";

/** How many of the users that were seen each arm had, and whether that can be held against its weight. */
export interface ObservedShare {
  readonly arm: string;
  /** In basis points. */
  readonly weight: number;
  readonly users: number;
  /** Of all users that were seen, from 0 to 1; 0 when none were. */
  readonly share: number;
  /** 95% interval of the share. */
  readonly low: number;
  readonly high: number;
  /**
   * "too few": the 95% interval is wider than the weight is far from 0 or from 1, so that it would fit almost anything.
   * It takes about 16 users on the smaller side: 160 in all at 10%, 1,600 at 1%. "differs" is said only outside of the
   * 99.9% interval: at 95%, one look in twenty would raise an alarm about nothing.
   */
  readonly verdict: "fits" | "differs" | "too few";
}

interface Seen {
  readonly arm: string;
  readonly weight: number;
  readonly users: number;
}

/** Of users, not of rows: one that calls every second says no more of the weights than one that called once. */
export function observedShares(seen: readonly Seen[]): readonly ObservedShare[] {
  const total = seen.reduce((sum, { users }) => sum + users, 0);
  return seen.map(({ arm, weight, users }) => {
    const share = total > 0 ? users / total : 0;
    const { low, high } = intervalOf(share, total, z95);
    const verdict = verdictOf(weight / bucketCount, share, total);
    return { arm, weight, users, share, low, high, verdict };
  });
}

function verdictOf(wanted: number, share: number, users: number): ObservedShare["verdict"] {
  if (users === 0) return "too few";
  // Where nobody belongs, one user is too many.
  if (wanted === 0 || wanted === 1) return share === wanted ? "fits" : "differs";
  const likely = intervalOf(share, users, z95);
  if (likely.high - likely.low > Math.min(wanted, 1 - wanted)) return "too few";
  const possible = intervalOf(share, users, z999);
  return possible.low <= wanted && wanted <= possible.high ? "fits" : "differs";
}

/** Two-sided, of the normal distribution. */
const z95 = 1.96;
const z999 = 3.29;

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's interval, widened by what sketches are off by. */
function intervalOf(share: number, users: number, z: number): Interval {
  if (users === 0) return { low: 0, high: 1 };
  const middle = (share + z ** 2 / (2 * users)) / (1 + z ** 2 / users);
  const spread = (share * (1 - share)) / users + z ** 2 / (4 * users ** 2);
  const chance = (z * Math.sqrt(spread)) / (1 + z ** 2 / users);
  // Both counts are off by chance: the share's error is theirs together.
  const sketches = z * share * (1 - share) * sketchError * Math.SQRT2;
  const half = Math.hypot(chance, sketches);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
