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
  /** It has so many addresses more than are followed. Told when the number changes; 0: no more. */
  leftOut(addresses: number): void;
}

/** A server costs a connection and a question now and then; whoever answers for a name must not be able to open any number. */
export const mostAddresses = 256;

/** Whoever hides an address once, as a name server does that has just started, does not empty a pool. */
const missesBeforeLeaving = 3;

/** A server for each address that a name has: resolves when the signal has aborted. */
export async function followName(options: FollowNameOptions): Promise<void> {
  const { name, everyMs, signal, lookUp = byTheSystem } = options;
  const misses = new Map<string, number>();
  let leftOut = 0;

  async function poll(): Promise<void> {
    const found = await lookUp(name.host);
    if (signal.aborted) return;
    const addresses = new Set(found.map((host) => addressOf(host, name.port)));
    const followed = chosenOf(addresses, misses);
    if (leftOut !== addresses.size - followed.length) {
      leftOut = addresses.size - followed.length;
      options.leftOut(leftOut);
    }
    for (const address of followed) {
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

/** Those that are followed already come first, and keep their places until they have left; the others by their order as text, the same in every process. */
function chosenOf(
  addresses: ReadonlySet<string>,
  followed: ReadonlyMap<string, unknown>,
): readonly string[] {
  const others = [...addresses].filter((address) => !followed.has(address)).toSorted();
  return [
    ...[...followed.keys()].filter((address) => addresses.has(address)),
    ...others.slice(0, mostAddresses - followed.size),
  ];
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
