import type { Log } from "../log/log.ts";
import type { LoadedVersion } from "../model-version.ts";

export interface IsIntactOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Whether a loaded version's files, which it maps, still hold what it was tested with. Says in the log that they do not. */
export async function isIntact(
  { model, version, files }: LoadedVersion,
  { log, signal }: IsIntactOptions,
): Promise<boolean> {
  const overwritten = (await files?.overwritten()) ?? [];
  if (overwritten.length === 0) return true;
  log.warn("files of a loaded model were written to; checking them", {
    model,
    version,
    overwritten,
  });
  try {
    await files?.verify(signal);
    return true;
  } catch (error) {
    if (signal.aborted) return true;
    const what =
      "its files changed, so it is unloaded; give another model another version's folder";
    log.error(what, { model, version, error });
    return false;
  }
}
