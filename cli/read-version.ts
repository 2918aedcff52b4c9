import { existsSync, readFileSync } from "node:fs";

/** Of the package that this file is in, compiled or not. */
export function readVersion(): string {
  const places = ["../package.json", "../../package.json"];
  const file = places
    .map((place) => new URL(place, import.meta.url))
    .find((one) => existsSync(one));
  if (file === undefined) throw new Error(`no package.json above ${import.meta.url}`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
