import type { ServedBy } from "../models/family.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Answer, Backend, Query } from "./backend.ts";
import type { Clock } from "./clock.ts";
import { misdirected } from "./identity.ts";
import { createPendingCalls, type Pending } from "./pending/pending.ts";
import { answerAll, closed } from "./refusals.ts";
import { createReply } from "./reply.ts";

/** A backend that acts only when told. Deadlines and cancellations it minds by itself, as every backend must. */
export interface Puppet extends Backend {
  /** The queries of each call that waits to be answered, oldest first. */
  readonly waiting: readonly (readonly Query[])[];
  /** Answers the oldest call that waits. */
  answerNext(): void;
  failNext(error: ServingError): void;
  /** Answers every call at once, from now on and those that wait. */
  perform(): void;
  /** Fails every call at once, from now on and those that wait. */
  fail(error: ServingError): void;
  /** Lets calls wait, as at the start. */
  hang(): void;
  setReady(isReady: boolean): void;
  setCostMs(costMs: number): void;
}

export interface PuppetOptions {
  /** Default "puppet". */
  readonly name?: string;
  /** Default "puppet". */
  readonly model?: string;
  /** Default "1". */
  readonly version?: string;
  readonly clock?: Clock;
}

type Mood = (query: Query) => Answer;

export function createPuppet(options: PuppetOptions = {}): Puppet {
  const { name = "puppet", model = "puppet", version = "1" } = options;
  const calls = createPendingCalls<never>(options);
  const arrived: Pending<never>[] = [];
  let mood: Mood | undefined;
  let isReady = true;
  let costMs = 0;
  let closing: Promise<void> | undefined;

  const holds = (wanted: string, wantedVersion: string) =>
    closing === undefined && wanted === model && ["", version].includes(wantedVersion);
  const echo: Mood = (query) =>
    misdirected(query, model, version) ?? echoUser(query, { model, version, backend: name });
  const tell = (call: Pending<never> | undefined, answer: Mood) =>
    call?.queries.forEach((query, index) => calls.settle(call, index, answer(query)));
  const next = () => {
    let call = arrived.shift();
    while (call !== undefined && !waits(call)) call = arrived.shift();
    return call;
  };
  const be = (now: Mood | undefined) => {
    mood = now;
    if (now !== undefined) for (const call of arrived.splice(0)) tell(call, now);
  };

  return {
    name,
    get waiting() {
      return arrived.filter(waits).map(({ queries }) => queries);
    },
    answer(queries) {
      if (closing !== undefined) return answerAll(queries, closed(name));
      const call = calls.open(queries);
      if (mood === undefined) arrived.push(call);
      else tell(call, mood);
      return call.answered;
    },
    isReady: (wanted, wantedVersion) => isReady && holds(wanted, wantedVersion),
    costMs: (wanted, wantedVersion) => (holds(wanted, wantedVersion) ? costMs : Infinity),
    close: () => (closing ??= calls.drained()),
    answerNext: () => tell(next(), echo),
    failNext: (error) => tell(next(), () => error),
    perform: () => be(echo),
    fail: (error) => be(() => error),
    hang: () => be(undefined),
    setReady: (value) => (isReady = value),
    setCostMs: (value) => (costMs = value),
  };
}

function waits(call: Pending<never>): boolean {
  return call.answers.includes(undefined);
}

/** One item: the user. */
function echoUser(query: Query, by: ServedBy): Answer {
  try {
    const items = [{ id: query.request().userId, score: 1, title: "" }];
    const served = { model: by.model, modelVersion: by.version, backend: by.backend };
    const response = RecommendResponse.fromPartial({ items, served });
    return createReply(RecommendResponse.encode(response).finish());
  } catch (error) {
    return ServingError.from(error);
  }
}
