import { Code, ServingError } from "../../../proto/serving-error.ts";
import { redisError } from "../../../router/store/redis/redis-error.ts";
import { formatStoreAddress } from "../../../router/store/store-address.ts";
import { brokenSink, fullSink } from "../sink-failure.ts";
import { feedbackPassword, type StreamPlace } from "./stream-settings.ts";

/** Callers are told that it failed, the log why; neither learns a password. */
export function streamError(error: unknown, { address, password }: StreamPlace): ServingError {
  if (error instanceof ServingError) return error;
  const cause = redisError(error, {
    name: formatStoreAddress(address),
    secrets: password === undefined ? [] : [password],
    passwordIn: feedbackPassword,
  });
  return cause.code === Code.RESOURCE_EXHAUSTED
    ? fullSink("what keeps it takes no more", cause)
    : brokenSink(cause);
}
