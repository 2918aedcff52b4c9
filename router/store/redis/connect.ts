import type * as ioredis from "ioredis";
import type { Cluster, Redis } from "ioredis";
import { ServingError } from "../../../proto/serving-error.ts";
import { backoffMs, commonOptions, type ConnectOptions, serverOptions } from "./client-options.ts";
import { type Connection, overClient } from "./connection.ts";
import { type Listener, type ListenerEvents, overListener } from "./listener.ts";
import { watchFailovers } from "./watch-failovers.ts";

export type { Connection } from "./connection.ts";

export interface Connections {
  readonly connection: Connection;
  /** Connects to the server that may write, or to any of a cluster, which hands messages on to all. */
  listen(events: ListenerEvents): Listener;
}

export type Library = Pick<typeof ioredis, "Redis" | "Cluster">;
type Client = Redis | Cluster;

/** Connects in the background: what cannot be reached is told by what is sent. */
export async function openConnections(options: ConnectOptions): Promise<Connections> {
  const library = await loadLibrary();
  const client = openClient(library, options);
  const connection = overClient(client, options.timeoutMs);
  const watch = client.isCluster ? undefined : watchFailovers(library, client as Redis, options);
  return {
    connection: {
      ...connection,
      close() {
        watch?.close();
        connection.close();
      },
    },
    listen: (events) => overListener(openListener(library, client, options), events),
  };
}

/** The one place that loads ioredis. */
async function loadLibrary(): Promise<Library> {
  try {
    return await import("ioredis");
  } catch (cause) {
    throw new ServingError(
      "FAILED_PRECONDITION",
      'a store in Redis needs the package ioredis: "npm install ioredis"',
      { cause },
    );
  }
}

function openClient({ Redis, Cluster }: Library, options: ConnectOptions): Client {
  const { address, timeoutMs } = options;
  if (address.kind !== "cluster")
    return new Redis({
      ...commonOptions(options),
      ...serverOptions(options),
      retryStrategy: backoffMs,
      sentinelRetryStrategy: backoffMs,
    });
  return new Cluster([...address.hosts], {
    redisOptions: commonOptions(options),
    enableOfflineQueue: false,
    clusterRetryStrategy: backoffMs,
    slotsRefreshTimeout: timeoutMs,
    slotsRefreshInterval: slotsRefreshMs,
  });
}

/** Of a cluster any node will do: what is published on one is told by all. */
function openListener({ Redis }: Library, client: Client, options: ConnectOptions): Redis {
  const node = client.isCluster ? sample((client as Cluster).nodes("master")) : undefined;
  return new Redis({
    ...commonOptions(options),
    ...serverOptions(options),
    ...(node !== undefined && { host: node.options.host!, port: node.options.port! }),
    lazyConnect: true,
    retryStrategy: null,
    sentinelRetryStrategy: () => null,
  });
}

function sample<Item>(items: readonly Item[]): Item | undefined {
  return items[Math.floor(Math.random() * items.length)];
}

const slotsRefreshMs = 2_000;
