/** Ends a check that this machine cannot make: neither a pass nor a failure, exit code 0. */
export function skip(bench: string, why: string): void {
  console.log(`SKIPPED: ${why}`);
  console.log(`RESULT ${JSON.stringify({ bench, skipped: why })}`);
}
