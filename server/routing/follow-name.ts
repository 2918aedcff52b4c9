import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerName } from "../config/server-addresses.ts";

/** The addresses of a host; none when there is no such host. Rejects when nobody says. */
export type LookUp = (host: string) => Promise<readonly string[]>;

export interface FollowNameOptions {
  readonly name: ServerName;
  readonly everyMs: number;
  /** Ends the following. */
  readonly signal: AbortSignal;
  readonly lookUp?: LookUp;
  /** A server's, as a channel takes it. False: it is somebody else's for now; while the name has it, it is told again. */
  came(address: string): boolean;
  left(address: string): void;
  /** Nobody says; those known stay. */
  failed(error: unknown): void;
  /** It was looked up for the first time, or could not be. */
  looked(): void;
}

/** Whoever hides an address once, as a name server does that has just started, does not empty a pool. */
const missesBeforeLeaving = 3;

/** A server for each address that a name has: resolves when the signal has aborted. */
export async function followName(options: FollowNameOptions): Promise<void> {
  const { name, everyMs, signal, lookUp = byTheSystem } = options;
  const misses = new Map<string, number>();

  async function poll(): Promise<void> {
    const found = await lookUp(name.host);
    if (signal.aborted) return;
    const addresses = new Set(found.map((host) => addressOf(host, name.port)));
    for (const address of addresses) {
      if (misses.has(address) || options.came(address)) misses.set(address, 0);
    }
    for (const [address, missed] of misses) {
      if (addresses.has(address)) continue;
      misses.set(address, missed + 1);
      if (missed + 1 < missesBeforeLeaving) continue;
      misses.delete(address);
      options.left(address);
    }
  }

  do {
    await poll().catch((error: unknown) => options.failed(error));
    options.looked();
  } while (await delay(everyMs, true, { signal, ref: false }).catch(() => false));
}

function addressOf(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

async function byTheSystem(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTFOUND") return [];
    throw error;
  }
}
