import { formatCount, formatShare } from "../../../display/figures.ts";
import { allDone, between, noneFails } from "../claims.ts";
import type { Claim, Done, Scenario, Seen } from "../scenario.ts";

const weights = [1_000, 5_000, 0];
const users = 500;

export const canaryFlip: Scenario = {
  name: "canary-flip",
  summary: "the canary gets a tenth of the users, then half, then none",
  needs: { servers: 1, versions: ["1", "2"], hasRouter: true, witnesses: users },
  load: ({ perSecond, seconds }) => ({
    schedule: { kind: "poisson", perSecond, forMs: seconds(40) },
  }),
  acts: ({ seconds }) =>
    weights.map((weight, at) => ({
      atMs: seconds(10) * (at + 1),
      name: `the canary gets ${formatShare(weight / 10_000)}`,
      perform: (stage) => stage.weigh(weight),
    })),
  judge(seen) {
    const phases = phasesOf(seen);
    return [
      allDone(seen),
      noneFails(seen),
      everybodyAnswered(seen),
      sameArm(phases),
      oneWay(phases),
      ...phases.map((phase) => share(phase, seen)),
    ];
  },
};

/** From one change to the next. */
interface Phase {
  readonly weight: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** What each witness got, look after look. */
  readonly looks: readonly (readonly string[])[];
}

function phasesOf({ done, sightings, result }: Seen): readonly Phase[] {
  const changes: readonly Pick<Done, "startedMs" | "endedMs">[] = [
    { startedMs: -Infinity, endedMs: -Infinity },
    ...done,
    { startedMs: result.tookMs, endedMs: Infinity },
  ];
  return [0, ...weights].slice(0, done.length + 1).map((weight, at) => {
    const [fromMs, toMs] = [changes[at]!.endedMs, changes[at + 1]!.startedMs];
    // Only looks that were over before the next change began, and began after this one was through.
    const inside = sightings.filter(
      ({ askedMs, answeredMs }) => askedMs >= fromMs && answeredMs <= toMs,
    );
    return { weight, fromMs, toMs, looks: inside.map(({ arms }) => arms) };
  });
}

function everybodyAnswered({ sightings }: Seen): Claim {
  const missing = sightings.flatMap(({ arms }) => arms.filter((arm) => arm === "")).length;
  return {
    says: "every user who was watched was answered, with an arm",
    holds: sightings.length === 0 ? "unknown" : missing === 0,
    found: `${formatCount(missing)} of ${formatCount(sightings.length * users)} were not`,
  };
}

function sameArm(phases: readonly Phase[]): Claim {
  const moved = phases.flatMap(({ looks: [first = [], ...others] }) =>
    first.filter((arm, user) => others.some((look) => look[user] !== arm)),
  );
  const looks = phases.map((phase) => phase.looks.length);
  return {
    says: "between two changes every user stays on his arm",
    holds: looks.some((count) => count < 2) ? "unknown" : moved.length === 0,
    found: `${formatCount(moved.length)} of ${users} users moved, in ${looks.join(", ")} looks`,
  };
}

function oneWay(phases: readonly Phase[]): Claim {
  let wrong = 0;
  for (const [at, { weight, looks }] of phases.entries()) {
    const next = phases[at + 1];
    const [now, then] = [looks[0], next?.looks[0]];
    if (next === undefined || now === undefined || then === undefined) continue;
    const mayLeave = next.weight > weight ? "stable" : "canary";
    wrong += now.filter((arm, user) => arm !== then[user] && arm !== mayLeave).length;
  }
  return {
    says: "raising a weight moves users to the canary only, lowering it only back",
    holds: wrong === 0,
    found: `${formatCount(wrong)} moved the other way`,
  };
}

/** Far beyond chance: one run in a million. */
const deviations = 5;
/** Whom the load draws from: fewer users make the share less even. */
const population = 1_000;

function share({ weight, fromMs, toMs, looks }: Phase, seen: Seen): Claim {
  const arms = between(seen, Math.max(0, fromMs), toMs).arms;
  const sum = (name: string) => arms.reduce((all, one) => all + (one[name] ?? 0), 0);
  const canary = sum("canary");
  const answers = canary + sum("stable");
  const watched = looks[0] ?? [];
  const p = weight / 10_000;
  const isNear = (count: number, of: number, population: number) =>
    Math.abs(count / of - p) <= deviations * Math.sqrt(p * (1 - p) * (1 / of + 1 / population));
  const watchedCanary = watched.filter((arm) => arm === "canary").length;
  const isKnown = answers >= 50 && watched.length === users;
  return {
    says: `${formatShare(p)} of the users, and of the calls, go to the canary`,
    holds: isKnown
      ? isNear(canary, answers, population) && isNear(watchedCanary, users, Infinity)
      : "unknown",
    found: `${formatShare(watchedCanary / Math.max(1, watched.length))} of the users, ${formatShare(canary / Math.max(1, answers))} of ${formatCount(answers)} calls`,
  };
}
