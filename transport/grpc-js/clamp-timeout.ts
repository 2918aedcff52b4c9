import type { IncomingHttpHeaders } from "node:http2";

const header = "grpc-timeout";
const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 };
/** The whole seconds that a timer can wait: grpc-js keeps the last 32 bits of the milliseconds. */
const longestSeconds = Math.floor((2 ** 31 - 1) / 1_000);

/** A timeout of more than 24 days is one of 24 days, rather than one that may have passed. */
export function clampTimeout(headers: IncomingHttpHeaders): void {
  const timeout = headers[header];
  const [, amount, unit] = /(\d{1,8})\s*([HMS])/.exec(String(timeout)) ?? [];
  if (timeout === undefined || amount === undefined || unit === undefined) return;
  if (Number(amount) * unitsMs[unit]! > longestSeconds * 1_000)
    headers[header] = `${longestSeconds}S`;
}
