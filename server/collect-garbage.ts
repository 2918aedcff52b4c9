import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { type: "major"; execution: "async" }) => Promise<void>;

let collect: Collect | undefined;

/**
 * Frees what a closed model leaves behind. V8 does not count shared memory, which holds the ids of items and users: seeing no reason
 * to hurry, it kept those of fifteen unloaded versions before it looked. Resolves when that is done, in a turn of its own.
 */
export function collectGarbage(): Promise<void> {
  collect ??= exposed();
  return collect({ type: "major", execution: "async" });
}

/** The function that `node --expose-gc` would make global; the flag has effect on contexts made after it. */
function exposed(): Collect {
  setFlagsFromString("--expose-gc");
  const found = runInNewContext("gc") as Collect;
  setFlagsFromString("--no-expose-gc");
  return found;
}
