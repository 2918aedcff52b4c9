import { ServingError } from "../../proto/serving-error.ts";
import type { Answer, Reply } from "../backend.ts";
import type { PendingCalls } from "../pending/pending.ts";
import { noEndpoint, queueTooSlow } from "../refusals.ts";
import { attempt, type Observers } from "./attempt.ts";
import { choose, type Choice } from "./choose.ts";
import { type Fallback, fallBack } from "./fall-back.ts";
import { isFault, isMisplaced, isRetryable } from "./failure.ts";
import { createFirstChoice, type FirstChoice } from "./first-choice.ts";
import { type Group, unanswered } from "./group.ts";
import { createHedgeDelay } from "./hedge-delay.ts";
import type { Member } from "./member.ts";
import type { AttemptKind } from "./meter.ts";
import { createOverload, type Overload } from "./overload.ts";
import type { RetryBudget } from "./retry-budget.ts";

export interface AttemptsOptions extends Omit<Observers, "hedgeDelay"> {
  readonly members: readonly Member[];
  readonly fallbacks: readonly Fallback[];
  readonly calls: PendingCalls<never>;
  readonly budget: RetryBudget;
  /** From 0 up to 1. */
  readonly random: () => number;
}

interface Desk extends AttemptsOptions, Observers {
  readonly firstChoice: FirstChoice;
  readonly overload: Overload;
}

const maxAttempts = 2;
const leastHedgeIntervalMs = 5;

/** @returns Gets every query of a group answered: by an endpoint, by another one, by a fallback, or by saying why not. */
export function createAttempts(options: AttemptsOptions): (group: Group) => void {
  const desk = {
    ...options,
    hedgeDelay: createHedgeDelay(),
    firstChoice: createFirstChoice(options.members),
    overload: createOverload(options.clock),
  };
  return (group) => start(desk, group);
}

function start(desk: Desk, group: Group): void {
  const { members, budget, hedgeDelay } = desk;
  const rows = group.places.length;
  const choice = chooseFor(desk, group, { rows, withinMs: leftMs(desk, group) });
  if (choice === undefined) return refuse(desk, group, noEndpoint());
  if (choice.isLate && desk.overload.isLasting(group.model, group.version))
    return shed(desk, group, choice.predictedMs);
  budget.firstAttempt();
  void ask(desk, group, { member: choice.member, kind: "first", places: group.places });
  const delayMs = hedgeDelay.delayMs(rows, leftMs(desk, group));
  if (members.length > 1 && delayMs < Infinity) hedgeLater(desk, group, delayMs);
}

/** Where all are too busy to help in time, another try is due after a quarter of the first delay. */
function hedgeLater(desk: Desk, group: Group, delayMs: number): void {
  const { clock } = desk;
  const againMs = Math.max(delayMs / 4, leastHedgeIntervalMs);
  const after = (ms: number) => {
    group.callOffHedge = clock.at(clock.now() + ms, () => {
      const withinMs = leftMs(desk, group);
      const places = unanswered(group);
      const isAsked = askAnother(desk, group, { kind: "hedge", places, withinMs });
      if (!isAsked && withinMs > againMs && group.asked.size < maxAttempts) after(againMs);
    });
  };
  after(delayMs);
}

function shed(desk: Desk, group: Group, waitMs: number): void {
  const refusal = queueTooSlow(waitMs, leftMs(desk, group));
  desk.meter.shed(group.places.length);
  refuse(desk, group, refusal);
}

/** Nobody is asked, unless a fallback knows something. */
function refuse(desk: Desk, group: Group, refusal: ServingError): void {
  for (const place of group.places) group.failures.set(place, refusal);
  void fallBack(group, desk);
}

interface Asking {
  readonly kind: AttemptKind;
  readonly places: readonly number[];
}

interface AskingAnother extends Asking {
  /** An endpoint that would take longer is not asked. */
  readonly withinMs: number;
}

async function ask(
  desk: Desk,
  group: Group,
  { member, kind, places }: Asking & { readonly member: Member },
): Promise<void> {
  const { model, version, pending, asked } = group;
  asked.add(member);
  group.outstanding++;
  const queries = places.map((place) => pending.queries[place]!);
  const degraded = desk.firstChoice.degraded(member, model, version);
  const answers = await attempt(member, queries, { ...desk, kind });
  group.outstanding--;
  places.forEach((place, index) => {
    const answer = answers[index]!;
    if (mayBeBettered(answer)) group.failures.set(place, answer);
    else desk.calls.settle(pending, place, labelled(answer, asked.size, degraded));
  });
  goOn(desk, group);
}

function goOn(desk: Desk, group: Group): void {
  const open = unanswered(group);
  if (open.length > 0 && group.outstanding > 0) return;
  group.callOffHedge();
  if (open.length === 0) return;
  const places = open.filter((place) => isRetryable(group.failures.get(place)!));
  const withinMs = leftMs(desk, group);
  if (!askAnother(desk, group, { kind: "retry", places, withinMs })) void fallBack(group, desk);
}

/** Whether there was a need, somebody else to ask, and something left of the budget. */
function askAnother(desk: Desk, group: Group, { kind, places, withinMs }: AskingAnother): boolean {
  if (places.length === 0 || group.asked.size >= maxAttempts) return false;
  const choice = chooseFor(desk, group, { rows: places.length, withinMs });
  if (choice === undefined || choice.isLate) return false;
  const isAllowed = desk.budget.take();
  if (isAllowed) void ask(desk, group, { member: choice.member, kind, places });
  else desk.meter.overBudget(kind);
  return isAllowed;
}

function chooseFor(
  { members, random, clock }: Desk,
  { model, version, asked }: Group,
  limits: { readonly rows: number; readonly withinMs: number },
): Choice | undefined {
  return choose(members, { model, version, asked, random, nowMs: clock.now(), ...limits });
}

function leftMs({ calls, clock }: Desk, { pending, places }: Group): number {
  let earliestMs = Infinity;
  for (const place of places) earliestMs = Math.min(earliestMs, calls.dueMs(pending, place));
  return earliestMs - clock.now();
}

/** A failure that is no fault of the caller's. */
function mayBeBettered(answer: Answer): answer is ServingError {
  return answer instanceof ServingError && (isFault(answer) || isMisplaced(answer));
}

function labelled(answer: Answer, asked: number, degraded: string): Answer {
  if (answer instanceof ServingError || (asked === 1 && degraded === "")) return answer;
  const attempts = (answer.attempts ?? 1) + asked - 1;
  const reply: Reply = { ...answer, attempts };
  return degraded === "" ? reply : { ...reply, degraded };
}
