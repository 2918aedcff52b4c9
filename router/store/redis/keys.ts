import { ServingError } from "../../../proto/serving-error.ts";

/** Names of what is kept in Redis. In a cluster, what stands in braces decides where a key lies. */
export interface Keys {
  /** Set of the models that have a rollout. */
  readonly models: string;
  /** Hash: revision, document, hash of the newest audit entry, bytes of all of them. */
  rollout(model: string): string;
  /** Stream of audit entries; their ids are the revisions. */
  audit(model: string): string;
  /** Hash of the newest report of each router. */
  readonly reports: string;
  /** Sorted set of routers, by when they were heard of. */
  readonly heard: string;
  readonly channel: string;
}

/** Channels belong to all databases of a server: hence the number in its name. */
export function keysOf(prefix: string, db: number): Keys {
  if (!/^[^\s{}]{1,64}$/.test(prefix))
    throw new ServingError(
      "INVALID_ARGUMENT",
      `the key prefix ${JSON.stringify(prefix)} must be 1 to 64 characters, none of them a space or a brace`,
    );
  return {
    models: `${prefix}:models`,
    rollout: (model) => `${prefix}:{${model}}:rollout`,
    audit: (model) => `${prefix}:{${model}}:audit`,
    reports: `${prefix}:{reports}:latest`,
    heard: `${prefix}:{reports}:heard`,
    channel: `${prefix}:${db}:rollouts`,
  };
}
