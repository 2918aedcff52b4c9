import type { Workload } from "../../workload.ts";

/** The request of a call, by its number. Those of warming up, which are negative, go backwards from the end: other ones. */
export function createRequests({ requests, order }: Workload): (number: number) => Uint8Array {
  if (order === undefined) return (number) => requests[wrap(number, requests.length)]!;
  return (number) => requests[order[wrap(number, order.length)]!]!;
}

function wrap(number: number, length: number): number {
  const rest = number % length;
  return rest < 0 ? rest + length : rest;
}
