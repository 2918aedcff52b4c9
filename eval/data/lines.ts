import { ServingError } from "../../proto/serving-error.ts";

/** A line of a file, with where it stands for complaints. */
export interface Line {
  readonly text: string;
  readonly place: string;
}

/** Without empty ones. */
export function* linesOf(text: string, file: string): Generator<Line> {
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    const trimmed = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (trimmed !== "") yield { text: trimmed, place: `${file}:${number}` };
  }
}

/** Throws INVALID_ARGUMENT for a line that is not what it should be. */
export function badLine({ place, text }: Line, expected: string): ServingError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new ServingError(
    "INVALID_ARGUMENT",
    `${place}: expected ${expected}, got ${JSON.stringify(shown)}`,
  );
}
