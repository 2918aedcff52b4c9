import { EventEmitter, once } from "node:events";

/** The statuses of grpc.health.v1 that a server gives. */
export type HealthStatus = "SERVING" | "NOT_SERVING";

/** What is healthy, by the names that grpc.health.v1 asks for: "", "live" and every model. */
export interface Health {
  /** The whole truth from now on: a name that is absent is unknown. */
  update(serving: ReadonlyMap<string, boolean>): void;
  /** `undefined` for an unknown name. */
  status(name: string): HealthStatus | undefined;
  list(): ReadonlyMap<string, HealthStatus>;
  /**
   * Resolves at the next change, of any name. Rejects when the signal aborts.
   * Nothing is missed by reading the status and waiting in one turn.
   */
  changed(signal: AbortSignal): Promise<void>;
}

export function createHealth(): Health {
  const changes = new EventEmitter().setMaxListeners(0);
  let statuses: ReadonlyMap<string, HealthStatus> = new Map();
  return {
    update(serving) {
      const entries = Array.from(
        serving,
        ([name, isServing]) => [name, toStatus(isServing)] as const,
      );
      statuses = new Map(entries);
      changes.emit("change");
    },
    status: (name) => statuses.get(name),
    list: () => statuses,
    async changed(signal) {
      await once(changes, "change", { signal });
    },
  };
}

function toStatus(isServing: boolean): HealthStatus {
  return isServing ? "SERVING" : "NOT_SERVING";
}
