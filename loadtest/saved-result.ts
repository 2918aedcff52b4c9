import { reviveHistograms } from "./histogram/read-histogram.ts";
import type { RunResult } from "./run-result.ts";

/** Grows when a reader of the old form would misunderstand the new one. */
const format = 1;

/** One line of JSON; histograms are in HdrHistogram's compressed form. */
export function saveResult(result: RunResult): string {
  return JSON.stringify({ format, result });
}

/** Throws an Error that says what the text is instead. */
export function readResult(text: string): RunResult {
  const saved = parse(text) as { readonly format?: unknown; readonly result?: RunResult } | null;
  if (saved?.format !== format || typeof saved.result?.counts !== "object")
    throw new Error(`this is no saved result of format ${format}: run the load test again`);
  return saved.result;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, reviveHistograms);
  } catch (cause) {
    throw new Error(`this is no saved result: ${(cause as Error).message}`, { cause });
  }
}
