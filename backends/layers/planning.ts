import type { Answer, Query, Reply } from "../backend.ts";
import type { Clock } from "../clock.ts";
import type { CacheMeter } from "./cache-meter.ts";
import type { Flight, FlightMap, Flights, Follow } from "./flights.ts";

export interface LookupOptions {
  readonly clock: Clock;
  readonly meter: CacheMeter;
  /** The same for queries that have the same answer; undefined: this one is always asked. */
  readonly keyOf: (query: Query) => string | undefined;
  /** An answer that need not be asked for. */
  readonly known: (key: string, query: Query) => Reply | undefined;
}

export interface PlanningOptions extends LookupOptions {
  readonly flights: Pick<Flights, "start">;
}

/** How a query gets its answer: it is known, comes with another's flight, or is asked for: for others too, or alone. */
type Way =
  | { readonly known: Reply }
  | { readonly follow: Flight }
  | { readonly lead: Flight | undefined };

interface Placed {
  readonly query: Query;
  readonly place: number;
}

/** What becomes of the queries of one call. */
export interface Plan {
  /** Those that are known, in their places. */
  readonly answers: Answer[];
  readonly leads: (Placed & { readonly flight: Flight | undefined })[];
  readonly follows: (Placed & Follow)[];
}

/** Decides for each query of a call, and starts the flights of those that lead. */
export function createPlanning(options: PlanningOptions): (queries: readonly Query[]) => Plan {
  const { clock, meter, keyOf, known, flights } = options;
  /** Of calls with one query. A batch ends with its slowest query, which no other call should have to wait for. */
  const open: FlightMap = new Map();
  function wayOf(query: Query, among: FlightMap): Way {
    const { model, version } = query;
    const key = isWaitedFor(query, clock.now()) ? keyOf(query) : undefined;
    if (key === undefined) return { lead: undefined };
    const reply = known(key, query);
    if (reply !== undefined) {
      meter.hit(model, version);
      return { known: reply };
    }
    const flight = among.get(key) ?? open.get(key);
    meter[flight === undefined ? "miss" : "shared"](model, version);
    return flight === undefined ? { lead: flights.start(key, among) } : { follow: flight };
  }

  return (queries) => {
    const plan: Plan = { answers: [], leads: [], follows: [] };
    const among: FlightMap = queries.length === 1 ? open : new Map();
    queries.forEach((query, place) => {
      const way = wayOf(query, among);
      if ("known" in way) plan.answers[place] = way.known;
      else if ("follow" in way) plan.follows.push({ query, place, flight: way.follow });
      else plan.leads.push({ query, place, flight: way.lead });
    });
    return plan;
  };
}

/** The others are refused where all are. */
function isWaitedFor({ call }: Query, nowMs: number): boolean {
  return nowMs < call.deadlineMs && !call.signal.aborted;
}
