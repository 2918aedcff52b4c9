import type { GetRolloutResponse } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { observedShares, type ObservedShare } from "../../../router/rollout/observed-shares.ts";
import { count, percent } from "./numbers.ts";

/** Of the users that were seen under this revision, how many each arm had. */
export function sharesOf({ rollout, observed }: GetRolloutResponse): readonly ObservedShare[] {
  const arms = rollout?.arms ?? [];
  return observedShares(
    arms.map(({ name, basisPoints }) => ({
      arm: name,
      weight: basisPoints,
      users: observed.find(({ arm }) => arm === name)?.distinctUsers ?? 0,
    })),
  );
}

/** What is seen then says nothing of the weights. */
export function isOffBucket({ rollout, routers }: GetRolloutResponse): boolean {
  return (rollout?.killSwitch ?? "") !== "" || routers.some(({ lowered }) => lowered !== undefined);
}

/** E.g. "canary 4.9% of 18,234 users (4.6% to 5.2%; wanted 5%)", or that there are too few. */
export function shareText(share: ObservedShare, all: number): string {
  const wanted = percent(share.weight / 10_000);
  const users = `${count(all)} ${Math.round(all) === 1 ? "user" : "users"}`;
  if (share.verdict === "too few")
    return `${share.arm} ${count(share.users)} of ${users}: too few to say whether that is ${wanted}`;
  const interval = `${percent(share.low)} to ${percent(share.high)}`;
  const but = share.verdict === "differs" ? "; that is NOT what is wanted" : "";
  return `${share.arm} ${percent(share.share)} of ${users} (${interval}; wanted ${wanted}${but})`;
}

export function allUsers(shares: readonly ObservedShare[]): number {
  return shares.reduce((sum, { users }) => sum + users, 0);
}
