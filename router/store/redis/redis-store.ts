import { ServingError } from "../../../proto/serving-error.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { checkRollout } from "../../rollout/check-rollout.ts";
import type { ControlStore, Listing } from "../control-store.ts";
import { standardReports } from "../report-limits.ts";
import { formatStoreAddress } from "../store-address.ts";
import { type Connections, openConnections } from "./connect.ts";
import { follow, type Followed, type Reading } from "./follow.ts";
import { keysOf } from "./keys.ts";
import { persistenceNotice, tellOnce } from "./persistence.ts";
import { redisError } from "./redis-error.ts";
import { createReports, type RedisReports } from "./redis-reports.ts";
import { createRollouts, type RedisRollouts } from "./redis-rollouts.ts";
import type { RedisSettings } from "./redis-settings.ts";

/**
 * Rollouts in Redis or Valkey, for any number of processes. It is there at once, whether or not the server can be
 * reached: what is asked of it tells. Rejects for settings that cannot be.
 */
export async function openRedisStore(settings: RedisSettings): Promise<ControlStore> {
  const { address, timeoutMs = 1_000 } = settings;
  const {
    keyPrefix = "crossfade",
    maxAuditEntries = 1_000,
    maxAuditBytes = 16 * 2 ** 20,
    reportTtlMs = standardReports.ttlMs,
    maxRouters = standardReports.maxRouters,
  } = settings;
  const keys = keysOf(keyPrefix, address.db);
  const connections = await openConnections({ ...settings, timeoutMs });
  const limits = { maxAuditEntries, maxAuditBytes };
  return storeOver({
    settings,
    connections,
    channel: keys.channel,
    rollouts: createRollouts(connections.connection, keys, limits),
    reports: createReports(connections.connection, keys, {
      ttlMs: reportTtlMs,
      maxRouters,
    }),
  });
}

interface Parts {
  readonly settings: RedisSettings;
  readonly connections: Connections;
  readonly channel: string;
  readonly rollouts: RedisRollouts;
  readonly reports: RedisReports;
}

function storeOver({ settings, connections, channel, rollouts, reports }: Parts): ControlStore {
  const name = formatStoreAddress(settings.address);
  const { password, sentinelPassword } = settings;
  const secrets = [password, sentinelPassword].filter((secret) => secret !== undefined);
  const failed = (error: unknown) => redisError(error, { name, secrets });
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  let closed: Promise<void> | undefined;

  async function whileOpen<Result>(task: () => Promise<Result>): Promise<Result> {
    if (closing.signal.aborted)
      throw new ServingError("UNAVAILABLE", `the store ${name} is closed`);
    const work = task();
    running.add(work);
    try {
      return await work;
    } catch (error) {
      throw failed(error);
    } finally {
      running.delete(work);
    }
  }

  const followed = followedStore({ settings, connections, channel, rollouts, failed });

  const askDisk = () => whileOpen(() => persistenceNotice(connections.connection));
  const telling = tellOnce(askDisk, settings.onNotice);

  async function close(): Promise<void> {
    closing.abort();
    // Each has its time limit.
    await Promise.allSettled(running);
    connections.connection.close();
  }

  return {
    name,
    read: (model) => whileOpen(() => rollouts.read(model)),
    list: () => whileOpen(async () => listingOf(await rollouts.readAll())),
    write: (rollout, expected) => whileOpen(() => rollouts.write(copyOf(rollout), expected)),
    history: (model, page) => whileOpen(() => rollouts.history(model, page)),
    note: (rollout) => whileOpen(() => rollouts.note(copyOf(rollout))),
    follow: (follower, signal) =>
      whileOpen(() =>
        follow(followed, telling(follower), AbortSignal.any([signal, closing.signal])),
      ),
    report: (report) => whileOpen(() => reports.put(report)),
    reports: () => whileOpen(() => reports.all()),
    leave: (router, instance) => whileOpen(() => reports.delete(router, instance)),
    close: () => (closed ??= close()),
  };
}

/** As others will read it; what nobody could read is refused here. */
function copyOf(rollout: Rollout): Rollout {
  return checkRollout(JSON.parse(JSON.stringify(rollout)), "the rollout");
}

/** What could not be asked for is in neither: then nothing is told. */
function listingOf({ rollouts, unreadable, failures }: Reading): Listing {
  if (failures.length > 0) throw failures[0];
  return { rollouts, unreadable };
}

type FollowedParts = Omit<Parts, "reports"> & { readonly failed: (error: unknown) => ServingError };

function followedStore({
  settings,
  connections,
  channel,
  rollouts,
  failed,
}: FollowedParts): Followed {
  const { isPushed = true, pollMs = 2_000, random = Math.random, onNotice } = settings;
  return {
    async readAll() {
      try {
        const { failures, ...read } = await rollouts.readAll();
        return { ...read, failures: failures.map(failed) };
      } catch (error) {
        return { rollouts: [], unreadable: [], failures: [failed(error)] };
      }
    },
    read: (model) => rollouts.read(model),
    onChange: (changed) => connections.connection.onChange(changed),
    listen: (events) => connections.listen(events),
    channel,
    isPushed,
    pollMs,
    pingMs: pollMs,
    random,
    onListening(isListening, failure) {
      onNotice?.(
        isListening
          ? { level: "info", message: "the store tells of changes by itself" }
          : {
              level: "info",
              message: "the store does not tell of changes",
              details: {
                instead: `they are found by reading every ${pollMs} ms`,
                error: failed(failure),
              },
            },
      );
    },
  };
}
