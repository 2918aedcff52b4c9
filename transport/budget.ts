import { pushbackTrailer } from "../proto/pushback.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { ServerLimits } from "./server-limits.ts";
import type { Method } from "./transport.ts";

/** What all calls of one server hold together. What it refuses is not counted. */
export interface Budget {
  /** Counts a call in, until it leaves. */
  enter(kind: Method["kind"]): ServingError | undefined;
  leave(kind: Method["kind"]): void;
  /** Counts message bytes in, until they are given back. */
  take(bytes: number): ServingError | undefined;
  give(bytes: number): void;
}

/** Most calls are shorter, so that many places have become free by then. */
const pushbackMs = 100;

export function createBudget(
  limits: Pick<ServerLimits, "maxInFlightCalls" | "maxOpenStreams" | "maxInFlightBytes">,
): Budget {
  const { maxInFlightCalls, maxOpenStreams, maxInFlightBytes } = limits;
  let calls = 0;
  let streams = 0;
  let held = 0;
  return {
    enter(kind) {
      if (kind === "unary" && calls >= maxInFlightCalls)
        return full(`${calls} calls are in flight, which is all that this server takes`);
      if (kind !== "unary" && streams >= maxOpenStreams)
        return full(`${streams} streams are open, which is all that this server takes`);
      if (kind === "unary") calls += 1;
      else streams += 1;
      return undefined;
    },
    leave(kind) {
      if (kind === "unary") calls -= 1;
      else streams -= 1;
    },
    take(bytes) {
      if (held + bytes > maxInFlightBytes)
        return full(`requests and replies in flight fill the ${maxInFlightBytes} bytes for them`);
      held += bytes;
      return undefined;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}

function full(what: string): ServingError {
  return new ServingError("RESOURCE_EXHAUSTED", `${what}; retry later or elsewhere`, {
    trailers: { [pushbackTrailer]: String(pushbackMs) },
  });
}
