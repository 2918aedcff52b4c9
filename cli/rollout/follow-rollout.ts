import { setTimeout as delay } from "node:timers/promises";
import type { GetRolloutResponse } from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Admin } from "./admin.ts";

const pollMs = 1_000;

/** As `watch`; where the server tells nobody else, it is asked now and then. Until the signal aborts. */
export async function* followRollout(
  admin: Admin,
  model: string,
  signal: AbortSignal,
): AsyncGenerator<GetRolloutResponse> {
  try {
    yield* admin.watch(model, signal);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  while (!signal.aborted) {
    const status = await admin.get(model).catch((error: unknown) => {
      if (!isFull(error)) throw error;
    });
    if (status !== undefined) yield status;
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
}

function isFull(error: unknown): boolean {
  return ServingError.from(error).code === Code.RESOURCE_EXHAUSTED;
}
