import type { Member } from "./member.ts";

export interface Wanted {
  readonly model: string;
  readonly version: string;
  readonly rows: number;
  readonly nowMs: number;
  /** Who is predicted to take longer is not asked, unless he is idle. */
  readonly withinMs: number;
  /** Have been asked already. */
  readonly asked: ReadonlySet<Member>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export interface Choice {
  readonly member: Member;
  /** Of which this is the prediction. */
  readonly predictedMs: number;
  /** Nobody is predicted to take as little as was wanted; of those, the quickest. */
  readonly isLate: boolean;
}

/**
 * Of the endpoints that hold the version and are well: on the first rung where one answers in time, the cheaper of two
 * drawn by chance. The last one for a version is asked, however unwell. Undefined when all have been asked, and when there
 * is none.
 */
export function choose(members: readonly Member[], wanted: Wanted): Choice | undefined {
  const { model, version, asked } = wanted;
  const others = members.filter((member) => !asked.has(member));
  const ready = others.filter(({ backend }) => backend.isReady(model, version));
  if (ready.length === 0)
    return asked.size > 0 || others.length === 0 ? undefined : askAnyway(others, wanted);

  const well = ready.filter(({ outlier }) => outlier.state() === "in");
  const probes = ready.filter(({ outlier }) => outlier.state() === "probe");
  if (well.length + probes.length === 0) return pick(ready, wanted);
  // Somebody well is there to turn to when the probe fails. A lower rung is probed when it is needed.
  const due = probes.find(({ rung }) => asked.size === 0 && well.some((one) => rung <= one.rung));
  return due === undefined ? pick([...well, ...probes], wanted) : inTime(due);
}

/** None is ready. One of them says why: who has the model in another version, if any. */
function askAnyway(members: readonly Member[], { model, random }: Wanted): Choice {
  const holders = members.filter(({ backend }) => backend.isReady(model, ""));
  return inTime(oneOf(holders.length > 0 ? holders : members, random));
}

function inTime(member: Member, predictedMs = 0): Choice {
  return { member, predictedMs, isLate: false };
}

function pick(members: readonly Member[], wanted: Wanted): Choice {
  const rungs = [...new Set(members.map(({ rung }) => rung))].toSorted((a, b) => a - b);
  for (const rung of rungs) {
    const own = members.filter((member) => member.rung === rung);
    const member = pickOnRung(own, wanted);
    const costMs = predictedMs(member, wanted);
    if (costMs <= wanted.withinMs) return inTime(member, costMs);
  }
  // What was predicted for one that is idle is an old story; to try is the way to learn that it is over.
  const idle = members.filter(({ inFlight }) => inFlight === 0);
  const first = idle.toSorted((a, b) => a.rung - b.rung)[0];
  if (first !== undefined) return inTime(first);
  const quickest = cheapest(members, wanted);
  return { member: quickest, predictedMs: predictedMs(quickest, wanted), isLate: true };
}

/** The cheaper of two; of all, when neither would answer in time. */
function pickOnRung(members: readonly Member[], wanted: Wanted): Member {
  const one = oneOf(members, wanted.random);
  const rest = members.filter((member) => member !== one);
  if (rest.length === 0) return one;
  const cheaper = cheapest([one, oneOf(rest, wanted.random)], wanted);
  return predictedMs(cheaper, wanted) <= wanted.withinMs ? cheaper : cheapest(members, wanted);
}

function cheapest(members: readonly Member[], wanted: Wanted): Member {
  const priceMs = (member: Member) =>
    predictedMs(member, wanted) + Math.max(0, member.pushbackUntilMs - wanted.nowMs);
  return members.reduce((best, one) => (priceMs(one) < priceMs(best) ? one : best));
}

function predictedMs({ backend }: Member, { model, version, rows }: Wanted): number {
  return backend.costMs(model, version, rows);
}

function oneOf<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)]!;
}
