import { randomUUID } from "node:crypto";

const longest = 128;

/** The caller's, as far as it is safe to echo and to log; a new one when nothing is left of it. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  if (given === undefined) return randomUUID();
  const safe = String(given)
    .replaceAll(/[^\w.:+/=@-]/g, "")
    .slice(0, longest);
  return safe === "" ? randomUUID() : safe;
}
