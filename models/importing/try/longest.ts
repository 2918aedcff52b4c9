import type { GraphRunner } from "../../exporting/graph-runner.ts";
import { tryRows } from "./body-trial.ts";

/** Longer sequences are cut anyway, so nobody needs to know whether they would run. */
const mostTried = 1024;

/**
 * The longest sequence that the body runs on, up to 1,024: beyond it positions run out. Undefined: it has no such end.
 * @param wanted Said by somebody; where it runs, that is it.
 */
export async function findLongest(
  runner: GraphRunner,
  wanted: number | undefined,
): Promise<number | undefined> {
  if (wanted !== undefined && (await runs(runner, wanted))) return wanted;
  if (await runs(runner, mostTried)) return undefined;
  let [works, fails] = [1, mostTried];
  while (fails - works > 1) {
    const middle = (works + fails) >> 1;
    if (await runs(runner, middle)) works = middle;
    else fails = middle;
  }
  return works;
}

async function runs(runner: GraphRunner, length: number): Promise<boolean> {
  try {
    await tryRows(runner, [{ ids: Array.from({ length }, () => 1), from: 0, to: length, user: 0 }]);
    return true;
  } catch {
    return false;
  }
}
