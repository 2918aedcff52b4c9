import { reweigh } from "../reweigh.ts";
import { canaryOf } from "./canary-of.ts";
import type { Distribution } from "../distribution.ts";
import type { Draft, Rollout } from "./rollout.ts";

/**
 * The stable arm takes the canary's version and its users, and the canary goes: what still named it names the stable arm,
 * so that whoever had the canary's version keeps it. It would otherwise stay as an arm with the version that was just
 * replaced, one `set weight` away from being rolled out again by mistake; `undo` brings back both.
 */
export function promoteFully({ distribution }: Rollout, nowMs: number): Draft {
  const [stable] = distribution.arms;
  const canary = canaryOf(distribution)!;
  const weights = { [canary.name]: 0, [stable!.name]: stable!.weight + canary.weight };
  const arms = reweigh(distribution, weights)
    .filter(({ name }) => name !== canary.name)
    .map((arm, i) => (i === 0 ? { ...arm, version: canary.version } : arm));
  const { shadow, users, ...others } = distribution;
  const kept: Distribution = {
    ...others,
    arms,
    ...(users && { users: renamed(users, canary.name, stable!.name) }),
    ...(shadow && shadow.arm !== canary.name && { shadow }),
  };
  return { distribution: kept, state: { phase: "promoted", sinceMs: nowMs } };
}

function renamed(
  users: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(users).map(([user, arm]) => [user, arm === from ? to : arm]),
  );
}
