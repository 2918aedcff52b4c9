import type { RedisTls } from "../../../router/store/redis/redis-settings.ts";
import type { StoreAddress } from "../../../router/store/store-address.ts";

/** Where a stream of feedback is, in Redis or Valkey. */
export interface StreamPlace {
  readonly address: StoreAddress;
  readonly password?: string | undefined;
  readonly tls?: RedisTls | undefined;
  /** Default "crossfade:{feedback}". */
  readonly key?: string | undefined;
}

/** Environment variable of the password. */
export const feedbackPassword = "CROSSFADE_FEEDBACK_PASSWORD";

export const standardKey = "crossfade:{feedback}";
/** Of an entry: a line of JSON, the same as in a spool. */
export const lineField = "event";
