import { duplicateKeys } from "../models/bundle/duplicate-keys.ts";
import { ServingError } from "../proto/serving-error.ts";
import { distribution, type Distribution } from "./distribution.ts";
import { distributionMisfits } from "./distribution-misfits.ts";

const maxDocumentBytes = 1024 * 1024;
const problemsShown = 20;

/**
 * Throws INVALID_ARGUMENT with every problem and its path.
 * @param source Names the document in messages.
 * @param defaults Of fields that may be left out.
 */
export function parseDistribution(
  json: string,
  source = "the distribution",
  defaults: Partial<Distribution> = {},
): Distribution {
  const size = Buffer.byteLength(json);
  if (size > maxDocumentBytes)
    throw refusal(source, [`it has ${size} bytes; at most ${maxDocumentBytes} are read`]);
  const value = parseJson(json, source);
  return judged(
    isObject(value) ? { ...defaults, ...value } : value,
    source,
    duplicateKeys(json).map((key) => `${key}: appears twice`),
  );
}

/** The same for what has been parsed, or was never JSON. */
export function checkDistribution(value: unknown, source = "the distribution"): Distribution {
  return judged(value, source, []);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function judged(value: unknown, source: string, problems: string[]): Distribution {
  const document = distribution(value, "", problems);
  // What refers to what can be judged only when every field is what it should be.
  if (problems.length === 0) problems.push(...distributionMisfits(document));
  if (problems.length > 0) throw refusal(source, problems);
  return document;
}

function parseJson(json: string, source: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new ServingError("INVALID_ARGUMENT", `${source} is not JSON: ${String(cause)}`, {
      cause,
    });
  }
}

/** Says them all, or of very many the first ones. */
export function refusal(source: string, problems: readonly string[]): ServingError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const lines = problems.slice(0, problemsShown).map((problem) => `  - ${problem}`);
  if (problems.length > problemsShown)
    lines.push(`  - and ${problems.length - problemsShown} more`);
  return new ServingError("INVALID_ARGUMENT", `${source} has ${count}:\n${lines.join("\n")}`);
}
