import type { Backend } from "../backend.ts";
import type { Clock } from "../clock.ts";
import type { EndpointsMeter } from "./meter.ts";
import { createOutlier, type Outlier } from "./outlier.ts";

/** What kind of machine answers. */
export type EndpointClass = "cuda" | "cpu" | "edge";

export interface Endpoint {
  /** Belongs to whoever made it an endpoint: it is closed with the others. */
  readonly backend: Backend;
  readonly class: EndpointClass;
}

/** An endpoint, and what has been seen of it. */
export interface Member extends Endpoint {
  /** 0 is asked first; a higher one when those before would be late or are gone. */
  readonly rung: number;
  readonly outlier: Outlier;
  /** Attempts, not rows. */
  inFlight: number;
  /** Until then it asked to be left alone. */
  pushbackUntilMs: number;
}

export interface MemberOptions {
  readonly ladder: readonly (readonly EndpointClass[])[];
  readonly clock: Clock;
  readonly meter: EndpointsMeter;
}

/** Throws for a class that stands on no rung. */
export function createMember(endpoint: Endpoint, { ladder, clock, meter }: MemberOptions): Member {
  const { name } = endpoint.backend;
  const rung = ladder.findIndex((classes) => classes.includes(endpoint.class));
  if (rung < 0)
    throw new Error(`endpoint "${name}" is of class "${endpoint.class}", which the ladder lacks`);
  const outlier = createOutlier({
    clock,
    ejected: (forMs) => meter.ejected(name, forMs),
    readmitted: () => meter.readmitted(name),
  });
  return { ...endpoint, rung, outlier, inFlight: 0, pushbackUntilMs: -Infinity };
}
