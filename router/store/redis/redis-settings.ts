import type { StoreAddress } from "../store-address.ts";
import type { StoreNotice } from "../store-notice.ts";

export interface RedisSettings {
  readonly address: StoreAddress;
  readonly password?: string | undefined;
  /** The sentinels' own. Default none. */
  readonly sentinelPassword?: string | undefined;
  /** In PEM. Without `ca`, the authorities that Node trusts. */
  readonly tls?: RedisTls | undefined;
  /** Starts every key and the channel. Default "crossfade". */
  readonly keyPrefix?: string | undefined;
  /** Default 2,000; each time it is longer or shorter by up to a fifth. */
  readonly pollMs?: number | undefined;
  /** False: followers learn of changes by polling alone. Default true. */
  readonly isPushed?: boolean | undefined;
  /** Without an answer for that long, a connection is given up. Default 1,000. */
  readonly timeoutMs?: number | undefined;
  /** How long a router is known that says nothing. Default an hour. */
  readonly reportTtlMs?: number | undefined;
  /** How many routers are known: those that were heard of last. Default 1,000. */
  readonly maxRouters?: number | undefined;
  /** Of each model's history. Default 1,000. */
  readonly maxAuditEntries?: number | undefined;
  /** The same, in bytes of JSON. Default 16 MiB. */
  readonly maxAuditBytes?: number | undefined;
  /** Whether pushes come, when that changes; once, that the server keeps nothing on its disk. */
  readonly onNotice?: ((notice: StoreNotice) => void) | undefined;
  /** From 0 up to 1, for the poll. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

export interface RedisTls {
  readonly ca?: Buffer | string;
  /** Of this client, when the server asks for one. */
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  /** Default: the host. */
  readonly servername?: string;
}
