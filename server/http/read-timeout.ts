import type { IncomingHttpHeaders } from "node:http";
import { ServingError } from "../../proto/serving-error.ts";

const ours = "x-crossfade-timeout-ms";
const grpcs = "grpc-timeout";
/** gRPC allows 8 digits. */
const amount = /^[0-9]{1,8}$/;
const unitsMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** How long the caller waits, from either header, the shorter of both; undefined when he does not say. */
export function readTimeoutMs(headers: IncomingHttpHeaders): number | undefined {
  const given = [readOurs(headers[ours]), readGrpcs(headers[grpcs])];
  const timeouts = given.filter((one) => one !== undefined);
  return timeouts.length === 0 ? undefined : Math.min(...timeouts);
}

function readOurs(value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!amount.test(String(value))) throw complaint(ours, value, "milliseconds, e.g. 250");
  return Number(value);
}

function readGrpcs(value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const unitMs = unitsMs[text.at(-1) ?? ""];
  if (unitMs === undefined || !amount.test(text.slice(0, -1)))
    throw complaint(grpcs, value, "an amount and a unit, e.g. 250m");
  return Number(text.slice(0, -1)) * unitMs;
}

function complaint(name: string, value: unknown, allowed: string): ServingError {
  const shown = JSON.stringify(String(value).slice(0, 40));
  return new ServingError("INVALID_ARGUMENT", `${name} is ${shown}; send ${allowed}`);
}
