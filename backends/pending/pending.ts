import { ServingError } from "../../proto/serving-error.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import type { Answer, Query } from "../backend.ts";
import { type Clock, systemClock } from "../clock.ts";
import { dueMs } from "./due.ts";
import { cancelled, deadlineExceeded } from "../refusals.ts";

/** One call of `answer`, until each of its queries has its answer. */
export interface Pending<Work> {
  readonly queries: readonly Query[];
  /** Undefined where there is none yet. */
  readonly answers: readonly (Answer | undefined)[];
  /** What the backend keeps for a query; given to `abandon` when the caller stops waiting. */
  readonly work: (Work | undefined)[];
  readonly arrivedMs: number;
  readonly answered: Promise<readonly Answer[]>;
}

export interface PendingCallsOptions<Work> {
  /** The query was answered because it was due or cancelled: the work on it is of no use any more. */
  readonly abandon?: (work: Work) => void;
  readonly finished?: (answers: readonly Answer[]) => void;
  /** An answer leaves this long before its deadline, so that it arrives. Default 10. */
  readonly replyMarginMs?: number;
  readonly clock?: Clock;
}

/** Sees to it that every query is answered once and in time, whatever becomes of the work on it. */
export interface PendingCalls<Work> {
  open(queries: readonly Query[]): Pending<Work>;
  /** The first answer of a query counts. */
  settle(pending: Pending<Work>, index: number, answer: Answer): void;
  /** When the answer of this query must leave. */
  dueMs(pending: Pending<Work>, index: number): number;
  /** Resolves once nothing is pending. */
  drained(): Promise<void>;
}

interface Entry<Work> extends Pending<Work> {
  readonly state: State<Work>;
  readonly answers: (Answer | undefined)[];
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly onAbort: () => void;
  unanswered: number;
  /** No query without an answer is due before. */
  earliestMs: number;
}

interface State<Work> {
  readonly options: PendingCallsOptions<Work>;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly live: Set<Entry<Work>>;
  readonly drains: (() => void)[];
}

export function createPendingCalls<Work>(
  options: PendingCallsOptions<Work> = {},
): PendingCalls<Work> {
  const { clock = systemClock } = options;
  const alarm = createAlarm(clock, (nowMs) => settleAllDue(live, nowMs));
  const live = new Set<Entry<Work>>();
  const state: State<Work> = { options, clock, alarm, live, drains: [] };
  return {
    open: (queries) => open(state, queries),
    settle: (pending, index, answer) => settle(pending as Entry<Work>, index, answer),
    dueMs: (pending, index) => due(pending as Entry<Work>, index),
    async drained() {
      if (live.size > 0) await new Promise<void>((resolve) => state.drains.push(resolve));
    },
  };
}

function open<Work>(state: State<Work>, queries: readonly Query[]): Entry<Work> {
  let resolve!: (answers: readonly Answer[]) => void;
  const answered = new Promise<readonly Answer[]>((settled) => (resolve = settled));
  const entry: Entry<Work> = {
    state,
    queries,
    answers: queries.map(() => undefined),
    work: queries.map(() => undefined),
    arrivedMs: state.clock.now(),
    answered,
    resolve,
    onAbort: () => settleAborted(entry),
    unanswered: queries.length,
    earliestMs: Infinity,
  };
  if (queries.length === 0) resolve([]);
  else admit(entry);
  return entry;
}

function admit<Work>(entry: Entry<Work>): void {
  const { live, alarm } = entry.state;
  live.add(entry);
  for (const signal of signalsOf(entry)) signal.addEventListener("abort", entry.onAbort);
  settleAborted(entry);
  settleDue(entry, entry.arrivedMs);
  alarm.set(entry.earliestMs);
}

function settle<Work>(entry: Entry<Work>, index: number, answer: Answer): void {
  if (entry.answers[index] !== undefined) return;
  entry.answers[index] = answer;
  entry.unanswered--;
  if (entry.unanswered === 0) finish(entry);
}

function finish<Work>(entry: Entry<Work>): void {
  const { live, options, alarm, drains } = entry.state;
  const answers = entry.answers as Answer[];
  live.delete(entry);
  entry.earliestMs = Infinity;
  for (const signal of signalsOf(entry)) signal.removeEventListener("abort", entry.onAbort);
  options.finished?.(answers);
  entry.resolve(answers);
  if (live.size > 0) return;
  alarm.clear();
  for (const drained of drains.splice(0)) drained();
}

function settleAborted<Work>(entry: Entry<Work>): void {
  entry.queries.forEach((query, index) => {
    const { signal } = query.call;
    if (signal.aborted)
      giveUp(entry, index, signal.reason instanceof ServingError ? signal.reason : cancelled());
  });
}

/** @returns When the next query is due. */
function settleAllDue<Work>(live: ReadonlySet<Entry<Work>>, nowMs: number): number {
  let nextMs = Infinity;
  for (const entry of live) {
    if (entry.earliestMs <= nowMs) settleDue(entry, nowMs);
    nextMs = Math.min(nextMs, entry.earliestMs);
  }
  return nextMs;
}

function settleDue<Work>(entry: Entry<Work>, nowMs: number): void {
  let earliestMs = Infinity;
  for (let index = 0; index < entry.queries.length; index++) {
    if (entry.answers[index] !== undefined) continue;
    const dueMs = due(entry, index);
    if (dueMs <= nowMs) giveUp(entry, index, deadlineExceeded());
    else earliestMs = Math.min(earliestMs, dueMs);
  }
  entry.earliestMs = earliestMs;
}

function giveUp<Work>(entry: Entry<Work>, index: number, error: ServingError): void {
  if (entry.answers[index] !== undefined) return;
  const work = entry.work[index];
  if (work !== undefined) entry.state.options.abandon?.(work);
  settle(entry, index, error);
}

function due<Work>(entry: Entry<Work>, index: number): number {
  const { replyMarginMs = 10 } = entry.state.options;
  return dueMs(entry.queries[index]!.call.deadlineMs, entry.arrivedMs, replyMarginMs);
}

/** Queries of one RPC stand together and share its signal. */
function signalsOf<Work>(entry: Entry<Work>): AbortSignal[] {
  const signals: AbortSignal[] = [];
  for (const { call } of entry.queries)
    if (call.signal !== signals.at(-1)) signals.push(call.signal);
  return signals;
}
