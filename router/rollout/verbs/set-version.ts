import { ServingError } from "../../../proto/serving-error.ts";
import { bucketCount } from "../../bucket.ts";
import { distributionFormat, type Arm } from "../../distribution.ts";
import type { SetVersion } from "../intent.ts";
import { refuse } from "../refuse.ts";
import type { Draft, Rollout } from "../rollout.ts";
import { existing, type Subject, type VerbOf } from "../subject.ts";

/**
 * Only for an arm that has no users. Who has a broken canary at night and its repair at hand wants everybody off the
 * broken one first, and the repair to begin small: `abort`, `set version`, `set weight`. Who wants another stable version
 * for everybody at once says so: `promote --full`.
 */
export const setVersion: VerbOf<"set version"> = (subject, intent) => {
  if (subject.rollout === undefined && intent.arm === "stable") return beginning(subject, intent);
  const rollout = existing(subject);
  const { distribution, state } = rollout;
  const arm = distribution.arms.find(({ name }) => name === intent.arm);
  if (arm?.version === intent.version) return rollout;
  if (state.phase === "stepping" || state.phase === "paused")
    throw refuse("set a version of", rollout, "abort or promote it first");
  assertUnused(rollout, arm);
  assertFree(rollout, intent);
  const isAnew = distribution.arms[0]!.weight === bucketCount;
  return {
    distribution: {
      ...distribution,
      salt: isAnew ? intent.salt : distribution.salt,
      arms: withVersion(distribution.arms, intent),
    },
    state: { phase: "steady" },
  };
};

function beginning({ model }: Subject, { arm, version, salt }: SetVersion): Draft {
  const stable: Arm = { name: arm, version, weight: bucketCount, ranges: [[0, bucketCount]] };
  return {
    distribution: { format: distributionFormat, model, revision: 1, salt, arms: [stable] },
    state: { phase: "steady" },
  };
}

function withVersion(arms: readonly Arm[], { arm: name, version }: SetVersion): readonly Arm[] {
  return arms.some((arm) => arm.name === name)
    ? arms.map((arm) => (arm.name === name ? { ...arm, version } : arm))
    : [...arms, { name, version, weight: 0, ranges: [] }];
}

function assertUnused({ distribution }: Rollout, arm: Arm | undefined): void {
  if (arm === undefined) return;
  const { name, version, weight } = arm;
  const what = `the version of ${name} cannot change`;
  if (distribution.killSwitch === name)
    throw new ServingError(
      "FAILED_PRECONDITION",
      `${what}: the kill switch sends everybody to it; turn it off first`,
    );
  if (weight === 0) return;
  const instead =
    arm === distribution.arms[0]
      ? "set the version of canary, then `promote`, in steps or with --full"
      : `\`abort\` first, or \`set weight ${name}=0bp\`: its users then have the stable version meanwhile`;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${what}: ${weight}bp of the users have version ${version} there; ${instead}`,
  );
}

function assertFree({ distribution }: Rollout, { version }: SetVersion): void {
  const holder = distribution.arms.find((arm) => arm.version === version);
  if (holder === undefined) return;
  throw new ServingError(
    "INVALID_ARGUMENT",
    `version ${version} is already that of ${holder.name}; an arm needs a version of its own`,
  );
}
