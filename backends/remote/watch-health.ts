import {
  HealthCheckRequest,
  HealthCheckResponse,
  type HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../proto/gen/grpc/health/v1/health.ts";
import type { Channel } from "../../transport/transport.ts";
import type { Clock } from "../clock.ts";

export interface WatchOptions {
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

const path = "/grpc.health.v1.Health/Watch";
/** A connection that ended because of its age is replaced in a moment; that is no loss. */
const graceMs = 100;
const retryMs = 200;

/** Tells each status of the whole server as it comes, and "lost" once when none can be had. Never ends by itself. */
export async function watchHealth(
  channel: Channel,
  { clock, signal }: WatchOptions,
  tell: (status: ServingStatus | "lost") => void,
): Promise<void> {
  let callOff: (() => void) | undefined;
  let isHeard = false;

  const hear = (status: ServingStatus | "lost") => {
    callOff?.();
    callOff = undefined;
    isHeard = status !== "lost";
    if (!signal.aborted) tell(status);
  };
  const watchOnce = async () => {
    try {
      const replies = channel.stream(path, wholeServer(), { signal });
      for await (const reply of replies) hear(HealthCheckResponse.decode(reply).status);
    } catch {
      // However it ended, the server is watched anew; what that finds decides.
    }
  };

  while (!signal.aborted) {
    await watchOnce();
    const wasHeard = isHeard;
    isHeard = false;
    callOff ??= clock.at(clock.now() + (wasHeard ? graceMs : 0), () => hear("lost"));
    if (!wasHeard) await pause(clock, signal);
  }
  callOff?.();
}

async function* wholeServer(): AsyncGenerator<Uint8Array> {
  yield HealthCheckRequest.encode({ service: "" }).finish();
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      callOff();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const callOff = clock.at(clock.now() + retryMs, end);
    signal.addEventListener("abort", end);
  });
}
