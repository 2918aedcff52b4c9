import { ServingError } from "../proto/serving-error.ts";
import type { Query } from "./backend.ts";

const namesShown = 10;
const longestName = 64;

/** What a backend of one model says to a query for another; undefined when the query is for it. */
export function misdirected(
  query: Query,
  model: string,
  version: string,
): ServingError | undefined {
  if (query.model !== model)
    return query.model === "" ? missingModel([model]) : unknownModel(query.model, [model]);
  if (query.version === "" || query.version === version) return undefined;
  return unknownVersion(model, query.version, [version]);
}

export function missingModel(held: readonly string[]): ServingError {
  return new ServingError("INVALID_ARGUMENT", `model is required; one of ${listed(held)}`);
}

export function unknownModel(model: string, held: readonly string[]): ServingError {
  return new ServingError(
    "NOT_FOUND",
    `no model ${quoted(model)} here; send one of ${listed(held)}`,
  );
}

export function unknownVersion(
  model: string,
  version: string,
  held: readonly string[],
): ServingError {
  const what = `model ${quoted(model)} has no version ${quoted(version)} here`;
  return new ServingError("FAILED_PRECONDITION", `${what}; send none, or one of ${listed(held)}`);
}

/** Callers choose these names, so what goes back is bounded and has no control characters. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > longestName ? `${name.slice(0, longestName)}…` : name);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none: nothing is loaded yet";
  const shown = names.slice(0, namesShown).map(quoted).join(", ");
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
}
