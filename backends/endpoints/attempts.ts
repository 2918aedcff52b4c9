import { ServingError } from "../../proto/serving-error.ts";
import type { Answer, Reply } from "../backend.ts";
import type { PendingCalls } from "../pending/pending.ts";
import { queueTooSlow } from "../refusals.ts";
import { attempt, type Observers } from "./attempt.ts";
import { choose, type Choice } from "./choose.ts";
import { type Fallback, fallBack } from "./fall-back.ts";
import { isFault, isMisplaced, isRetryable } from "./failure.ts";
import { createFirstChoice, type FirstChoice } from "./first-choice.ts";
import { type Group, unanswered } from "./group.ts";
import { createHedgeDelay } from "./hedge-delay.ts";
import type { Member } from "./member.ts";
import type { AttemptKind } from "./meter.ts";
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
}

const maxAttempts = 2;

/** @returns Gets every query of a group answered: by an endpoint, by another one, by a fallback, or by saying why not. */
export function createAttempts(options: AttemptsOptions): (group: Group) => void {
  const hedgeDelay = createHedgeDelay();
  const desk = { ...options, hedgeDelay, firstChoice: createFirstChoice(options.members) };
  return (group) => start(desk, group);
}

function start(desk: Desk, group: Group): void {
  const { members, budget, hedgeDelay } = desk;
  const rows = group.places.length;
  const choice = chooseFor(desk, group, { rows, withinMs: leftMs(desk, group) });
  if ("waitMs" in choice) return shed(desk, group, choice.waitMs);
  budget.firstAttempt();
  void ask(desk, group, { member: choice.member, kind: "first", places: group.places });
  const delayMs = hedgeDelay.delayMs(rows, leftMs(desk, group));
  if (members.length > 1 && delayMs < Infinity) hedgeLater(desk, group, delayMs);
}

/**
 * Who would take longer than the first one has had is no quicker help, and no help at all where all are busy. Whoever is
 * too busy now may not be after another delay.
 */
function hedgeLater(desk: Desk, group: Group, delayMs: number): void {
  const { clock } = desk;
  const startedMs = clock.now();
  const hedge = () => {
    const places = unanswered(group);
    const withinMs = Math.min(clock.now() - startedMs, leftMs(desk, group));
    if (!askAnother(desk, group, { kind: "hedge", places, withinMs })) again();
  };
  const again = () => {
    const isWorthIt = leftMs(desk, group) > delayMs && group.asked.size < maxAttempts;
    if (isWorthIt) group.callOffHedge = clock.at(clock.now() + delayMs, hedge);
  };
  again();
}

function shed(desk: Desk, group: Group, waitMs: number): void {
  const refusal = queueTooSlow(waitMs, leftMs(desk, group));
  desk.meter.shed(group.places.length);
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
  if ("waitMs" in choice) return false;
  const isAllowed = desk.budget.take();
  if (isAllowed) void ask(desk, group, { member: choice.member, kind, places });
  else desk.meter.overBudget(kind);
  return isAllowed;
}

function chooseFor(
  { members, random, clock }: Desk,
  { model, version, asked }: Group,
  limits: { readonly rows: number; readonly withinMs: number },
): Choice {
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
