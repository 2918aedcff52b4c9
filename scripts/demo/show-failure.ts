import { openProcessTerminal } from "../../cli/terminal/process-terminal.ts";
import { runRollout } from "../../cli/rollout/run-rollout.ts";
import { ServingError } from "../../proto/serving-error.ts";

/** A rollout of an earlier run may send calls to a version that no server has: it can still be changed. */
export async function showFailure(thrown: unknown, adminPort: number | undefined): Promise<void> {
  if (!(thrown instanceof ServingError)) throw thrown;
  console.log(
    `\nA call failed: ${thrown.message}\nThe demo has versions 1 and 2; this is the rollout:\n`,
  );
  using terminal = openProcessTerminal();
  await runRollout(["get", "playlists", "--admin", `127.0.0.1:${adminPort}`], terminal);
  console.log(`
npm run demo -- --fresh   begins with the first rollout again; or take back what was done last:
npm run -s crossfade -- rollout undo playlists --reason "there is no such version"`);
}
