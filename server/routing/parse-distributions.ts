import { checkDistribution, parseDistribution } from "../../router/parse-distribution.ts";
import type { Distribution } from "../../router/distribution.ts";

/** One document, or a list of them, one for each model. Throws INVALID_ARGUMENT with every problem. */
export function parseDistributions(json: string, source: string): readonly Distribution[] {
  if (!json.trimStart().startsWith("[")) return [parseDistribution(json, source)];
  const documents = parseList(json);
  // What is no JSON is told by the one parser that knows how.
  if (documents === undefined) return [parseDistribution(json, source)];
  return documents.map((document, i) => checkDistribution(document, `${source}[${i}]`));
}

function parseList(json: string): readonly unknown[] | undefined {
  try {
    return JSON.parse(json) as readonly unknown[];
  } catch {
    return undefined;
  }
}
