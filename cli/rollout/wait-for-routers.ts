import type { GetRolloutResponse } from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Admin } from "./admin.ts";
import { followRollout } from "./follow-rollout.ts";
import { progressOf, type RouterProgress } from "./router-progress.ts";
import { endAfter } from "../terminal/end-after.ts";
import type { Terminal } from "../terminal/terminal.ts";

export interface Waiting {
  readonly model: string;
  readonly revision: number;
  readonly waitMs: number;
}

/** What the routers said last. */
export interface Waited extends RouterProgress {
  /** Undefined: nobody could be asked. */
  readonly status: GetRolloutResponse | undefined;
}

/** Until every router has the revision, but for those that left, or the time is up. */
export async function waitForRouters(
  { model, revision, waitMs }: Waiting,
  admin: Admin,
  terminal: Terminal,
): Promise<Waited> {
  using end = endAfter(waitMs, terminal.signal);
  const { signal } = end;
  let waited: Waited = {
    status: undefined,
    isThere: false,
    missing: [`nobody at ${admin.address} said how far the routers are`],
  };
  try {
    for await (const status of followRollout(admin, model, signal)) {
      waited = { status, ...progressOf(status, revision) };
      if (waited.isThere) break;
    }
  } catch (error) {
    // Whoever is behind has been seen; that the time is up is no failure of its own.
    if (ServingError.from(error).code !== Code.CANCELLED && !signal.aborted) throw error;
  }
  return waited;
}
