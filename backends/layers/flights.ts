import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Answer, Query, Reply } from "../backend.ts";
import type { Clock } from "../clock.ts";
import { createPendingCalls, type Pending } from "../pending/pending.ts";

/** One query that is being asked, for all that came with the same key until it lands. */
export interface Flight {
  /** Where others find it. */
  readonly among: FlightMap;
  readonly key: string;
  readonly followers: Follower[];
}

export type FlightMap = Map<string, Flight>;

export interface Follow {
  readonly query: Query;
  readonly flight: Flight;
}

interface Follower {
  readonly pending: Pending<never>;
  readonly index: number;
}

export interface FlightOptions {
  readonly clock: Clock;
  /** Asks a backend. */
  readonly ask: (query: Query) => Promise<Answer>;
  /** Looks again whether it is known or being asked, and asks if not. */
  readonly startOver: (query: Query) => Promise<Answer>;
}

export interface Flights {
  start(key: string, among: FlightMap): Flight;
  /** Tells the followers; nobody joins any more. */
  land(flight: Flight, answer: Answer): void;
  /** The answers of these flights, or of the queries themselves when the flights fail; each by its own deadline. */
  follow(follows: readonly Follow[]): Promise<readonly Answer[]>;
}

export function createFlights({ clock, ask, startOver }: FlightOptions): Flights {
  const waiting = createPendingCalls<never>({ clock });

  async function tell({ pending, index }: Follower, told: Answer): Promise<void> {
    const hasAnswer = pending.answers[index] !== undefined;
    if (hasAnswer) return;
    const query = pending.queries[index]!;
    waiting.settle(pending, index, await answerFrom(told, query));
  }

  async function answerFrom(told: Answer, query: Query): Promise<Answer> {
    if (!(told instanceof ServingError)) return withoutAsking(told);
    if (told.code === Code.INVALID_ARGUMENT) return told;
    // One who left or had less time says nothing about the others: the first of them leads. A backend that fails could
    // fail them one after the other, so they go at once.
    return isLeadersOwn(told) ? startOver(query) : ask(query);
  }

  return {
    start(key, among) {
      const flight = { key, among, followers: [] };
      among.set(key, flight);
      return flight;
    },
    land({ key, among, followers }, answer) {
      among.delete(key);
      for (const follower of followers) void tell(follower, answer);
    },
    follow(follows) {
      const pending = waiting.open(follows.map(({ query }) => query));
      follows.forEach(({ flight }, index) => flight.followers.push({ pending, index }));
      return pending.answered;
    },
  };
}

function isLeadersOwn({ code }: ServingError): boolean {
  return code === Code.CANCELLED || code === Code.DEADLINE_EXCEEDED;
}

/** The same, for one who did not cause it. */
export function withoutAsking(reply: Reply): Reply {
  const { bytes, degraded = "" } = reply;
  return { bytes, attempts: 0, degraded, served: () => reply.served() };
}
