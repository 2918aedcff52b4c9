import { readdirSync } from "node:fs";
import { nearest } from "../../proto/nearest.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { assertSuite, type Suite } from "./suite.ts";

const folder = new URL("./suites/", import.meta.url);

/** Every file in suites/ is one, by its name. */
export function suiteNames(): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => /^([a-z0-9-]+)\.[jt]s$/.exec(file)?.[1] ?? [])
    .toSorted();
}

/** Loads one; NOT_FOUND with the nearest for one that is not there. */
export async function findSuite(name: string): Promise<Suite> {
  const names = suiteNames();
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
    throw new ServingError("NOT_FOUND", `there is no suite "${name}"; ${hint}`);
  }
  // As this file is: .ts in development, .js when it is built.
  const extension = import.meta.url.slice(-2);
  const { suite } = (await import(new URL(`${name}.${extension}`, folder).href)) as {
    readonly suite?: unknown;
  };
  assertSuite(name, suite);
  return suite;
}
