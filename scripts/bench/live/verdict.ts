export interface Outcome {
  readonly bench: string;
  readonly figures: object;
  readonly floors: object;
  readonly limits: object;
  /** Requirements that were not met, a sentence each. */
  readonly missed: readonly string[];
  /** Why the figures mean nothing. */
  readonly invalid: readonly string[];
}

/** Ends a benchmark: what was missed, the RESULT line, and the exit code: 1 for a miss, 2 when the run was invalid. */
export function conclude(outcome: Outcome): void {
  const { missed, invalid, ...rest } = outcome;
  for (const line of missed) console.log(`MISSED: ${line}`);
  for (const line of invalid) console.log(`INVALID: ${line}`);
  const pass = missed.length === 0 && invalid.length === 0;
  if (!pass) process.exitCode = invalid.length > 0 ? 2 : 1;
  console.log(`RESULT ${JSON.stringify({ ...rest, missed, invalid, pass })}`);
}
