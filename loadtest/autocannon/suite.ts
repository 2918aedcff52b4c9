import { nearest } from "../../proto/nearest.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Workload } from "../workload.ts";

/**
 * What autocannon sends to the HTTP gateway: a closed loop, each connection sending when it was answered. There is no
 * rate: with one, autocannon sends each second's calls as a burst, and corrects latency by an interval in the wrong
 * unit. Calls at a rate are what `crossfade loadtest run --http --rate` sends.
 */
export interface Suite {
  /** One line, for the list of suites. */
  readonly summary: string;
  readonly connections: number;
  readonly forMs: number;
  /** Each connection takes them in turn, from the first. */
  readonly requests: (context: SuiteContext) => readonly SuiteRequest[];
}

export interface SuiteContext {
  readonly model: string;
  readonly seed: number;
}

export interface SuiteRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON; absent: none. */
  readonly body?: string;
  /** How its reply is looked into. Default "opaque": only its status. */
  readonly replies?: Workload["replies"];
}

const keys: readonly (keyof Suite)[] = ["summary", "connections", "forMs", "requests"];

/** A suite is code, but somebody's: throws INVALID_ARGUMENT with all that is wrong with it. */
export function assertSuite(name: string, value: unknown): asserts value is Suite {
  if (typeof value !== "object" || value === null)
    throw refused(name, ["its file must export `suite`, an object"]);
  const { summary, connections, forMs, requests } = value as Partial<Record<keyof Suite, unknown>>;
  const problems = Object.keys(value).flatMap((key) => unknownKey(key));
  if (typeof summary !== "string") problems.push("summary must be a line of text");
  if (!isWhole(connections, 10_000)) problems.push("connections must be a whole number from 1");
  if (!isWhole(forMs, 3_600_000))
    problems.push("forMs must be whole milliseconds, at most an hour");
  if (typeof requests !== "function") problems.push("requests must be a function");
  if (problems.length > 0) throw refused(name, problems);
}

function unknownKey(key: string): string[] {
  if (keys.some((known) => known === key)) return [];
  if (/rate$/i.test(key))
    return [
      `${key}: a suite has no rate, since autocannon's latencies are wrong with one; \`crossfade loadtest run --http --rate\` sends calls at a rate`,
    ];
  const meant = nearest(key, keys);
  const hint = meant === undefined ? `there are ${keys.join(", ")}` : `did you mean ${meant}?`;
  return [`there is no ${key}; ${hint}`];
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

function refused(name: string, problems: readonly string[]): ServingError {
  return new ServingError("INVALID_ARGUMENT", `suite ${name}: ${problems.join("; ")}`);
}
