import { setTimeout as delay } from "node:timers/promises";
import type { Endpoints } from "../../backends/endpoints/endpoints.ts";
import type { ServerAddress } from "../config/server-addresses.ts";
import type { Log } from "../log/log.ts";
import { followName, mostAddresses, type LookUp } from "./follow-name.ts";
import type { KnownServer, KnownServers } from "./known-servers.ts";
import { logChangedFailures } from "./log-changed-failures.ts";
import { isSameTls, readServersTls, type ServersTlsFiles } from "./servers-tls.ts";

export interface FollowServersOptions {
  readonly known: KnownServers;
  readonly endpoints: Pick<Endpoints, "add" | "remove">;
  readonly pollMs: number;
  readonly log: Log;
  readonly lookUp?: LookUp;
  /** Ends the following. */
  readonly signal: AbortSignal;
}

export interface Following {
  /** Resolves when the first servers of the name have been heard of, or have been found missing. */
  readonly looked: Promise<void>;
  readonly done: Promise<void>;
}

/** The servers that one name stands for, as they come and go. */
export function followServersOf(origin: ServerAddress, options: FollowServersOptions): Following {
  const { known, endpoints, pollMs, log, lookUp, signal } = options;
  const { byAddress } = known;
  // A server that moves from one name to another is the second's when the first has let it go.
  const listedTwice = new Set<string>();
  let resolveLooked!: (at: Promise<void>) => void;
  const looked = new Promise<void>((resolve) => (resolveLooked = resolve));
  const done = followName({
    name: origin.name!,
    everyMs: pollMs,
    signal,
    ...(lookUp && { lookUp }),
    came(address) {
      if (byAddress.has(address)) {
        if (!listedTwice.has(address))
          log.warn("server listed twice", { address, again: origin.address });
        listedTwice.add(address);
        return false;
      }
      listedTwice.delete(address);
      const server = known.open(address, origin);
      byAddress.set(address, server);
      endpoints.add(server);
      log.info("server came", { address, of: origin.address });
      return true;
    },
    left(address) {
      const server = byAddress.get(address);
      if (server?.origin !== origin) return;
      byAddress.delete(address);
      void endpoints.remove(server.backend);
      log.info("server left", { address, of: origin.address });
    },
    leftOut(addresses) {
      const about = { of: origin.address, followed: mostAddresses, leftOut: addresses };
      if (addresses === 0) log.info("all addresses of the name are followed again", about);
      else log.warn("a name has more addresses than are followed", about);
    },
    failed: logChangedFailures(log, `${origin.address} cannot be looked up; those known stay`),
    looked() {
      resolveLooked(Promise.all(known.remotes().map((remote) => remote.looked)).then(() => {}));
    },
  });
  return { looked, done };
}

/** Opens connections anew when the files of TLS have changed. */
export async function followServersTls(
  files: ServersTlsFiles,
  options: FollowServersOptions,
): Promise<void> {
  const { known, pollMs, log, signal } = options;
  if (known.tls() === undefined) return;
  const failed = logChangedFailures(log, "TLS files of servers not read; the old ones stay in use");

  async function poll(): Promise<void> {
    const read = await readServersTls(files);
    if (!isSameTls(read, known.tls())) known.useTls(read);
    const stale = [...known.byAddress].filter(([, { tls }]) => tls !== known.tls());
    await Promise.all(stale.map((one) => renew(one, options)));
  }

  while (await delay(pollMs, true, { signal, ref: false }).catch(() => false))
    await poll().catch(failed);
}

/** The new connections take over when the server has been heard of by them; else they are tried again. */
async function renew(
  [address, server]: readonly [string, KnownServer],
  { known, endpoints, log, signal }: FollowServersOptions,
): Promise<void> {
  const { byAddress } = known;
  const next = known.open(address, server.origin);
  await next.backend.looked;
  const isHeard = next.backend.listed().length > 0;
  if (signal.aborted || !isHeard || byAddress.get(address) !== server) return next.backend.close();
  void endpoints.remove(server.backend);
  endpoints.add(next);
  byAddress.set(address, next);
  log.info("server connected anew, by new TLS files", { address });
}
