import { ServingError } from "../../proto/serving-error.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import { bundleFormat, manifest } from "./manifest.ts";
import type { Manifest, Variant } from "./manifest.ts";

export interface ParseManifestOptions {
  /** Names the file in messages. */
  readonly source: string;
  /** The families that the reader can serve. */
  readonly families: readonly string[];
}

/** Reports every problem at once, except that a newer format is the only one worth naming. */
export function parseManifest(json: string, options: ParseManifestOptions): Manifest {
  const value = parseJson(json, options.source);
  refuseNewerFormat(value, options.source);
  const problems = duplicateKeys(json).map((key) => `${key}: appears twice`);
  const result = manifest(value, "", problems);
  // What refers to what can be judged only when every field is what it should be.
  if (problems.length === 0) problems.push(...misfits(result, options.families));
  if (problems.length > 0) throw refusal(options.source, problems);
  return result;
}

export function refusal(source: string, problems: readonly string[]): ServingError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new ServingError(
    "FAILED_PRECONDITION",
    `${source} has ${count}:\n${problems.map((p) => `  - ${p}`).join("\n")}`,
  );
}

function parseJson(json: string, source: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new ServingError("FAILED_PRECONDITION", `${source} is not JSON: ${String(error)}`, {
      cause: error,
    });
  }
}

function refuseNewerFormat(value: unknown, source: string): void {
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format !== "number" || format <= bundleFormat) return;
  throw refusal(source, [
    `format ${format} is newer than this build understands (${bundleFormat}): upgrade crossfade, or export the bundle for format ${bundleFormat}`,
  ]);
}

function misfits(bundle: Manifest, families: readonly string[]): readonly string[] {
  const problems: string[] = [];
  if (!families.includes(bundle.family)) {
    problems.push(`family: ${bundle.family} cannot be read here, only ${families.join(", ")}`);
  }
  if (Number.isNaN(Date.parse(bundle.created)))
    problems.push(`created: ${bundle.created} is no date`);
  problems.push(...sharedFiles(bundle));
  for (const [name, variant] of Object.entries(bundle.variants)) {
    problems.push(
      ...variantMisfits(bundle, variant).map((problem) => `variants.${name}${problem}`),
    );
  }
  if (bundle.variants.fp32 === undefined) {
    problems.push("variants: fp32 is missing; the others are judged against it");
  }
  return problems;
}

function sharedFiles(bundle: Manifest): readonly string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, part] of Object.entries(bundle.parts)) {
    const owner = owners.get(part.file);
    if (owner !== undefined)
      problems.push(`parts.${name}.file: ${part.file} is already the file of ${owner}`);
    owners.set(part.file, name);
  }
  return problems;
}

function variantMisfits(bundle: Manifest, variant: Variant): readonly string[] {
  const known = Object.keys(bundle.parts).join(", ");
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [at, name] of references(variant)) {
    if (!Object.hasOwn(bundle.parts, name))
      problems.push(`${at}: there is no part ${name}; there are ${known}`);
    if (seen.has(name)) problems.push(`${at}: ${name} is named twice`);
    seen.add(name);
  }
  if (problems.length > 0) return problems;
  const bytes = variantBytes(bundle, variant);
  if (bytes === variant.passport.bytes) return [];
  return [`.passport.bytes: is ${variant.passport.bytes}, but its parts have ${bytes} bytes`];
}

function references(variant: Variant): readonly (readonly [at: string, part: string])[] {
  const graphs = Object.entries(variant.graphs).map(
    ([role, part]) => [`.graphs.${role}`, part] as const,
  );
  return [...graphs, ...variant.parts.map((part, i) => [`.parts[${i}]`, part] as const)];
}

/** Of all parts that the variant names. */
export function variantBytes(
  bundle: Pick<Manifest, "parts">,
  variant: Pick<Variant, "graphs" | "parts">,
): number {
  const names = [...Object.values(variant.graphs), ...variant.parts];
  return names.reduce((total, name) => total + (bundle.parts[name]?.bytes ?? 0), 0);
}
