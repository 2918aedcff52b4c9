/** The statuses of grpc.health.v1 that a server gives. */
export type HealthStatus = "SERVING" | "NOT_SERVING";

/** What is healthy, by the names that grpc.health.v1 asks for: "", "live" and every model. */
export interface Health {
  /** The whole truth from now on: a name that is absent is unknown. */
  update(serving: ReadonlyMap<string, boolean>): void;
  /** `undefined` for an unknown name. */
  status(name: string): HealthStatus | undefined;
  list(): ReadonlyMap<string, HealthStatus>;
  /** Calls back whenever the status of this name differs from before, until the returned function is called. */
  watch(name: string, changed: () => void): () => void;
}

export function createHealth(): Health {
  const watchers = new Map<string, Set<() => void>>();
  let statuses: ReadonlyMap<string, HealthStatus> = new Map();
  return {
    update(serving) {
      const before = statuses;
      statuses = new Map(
        Array.from(serving, ([name, isServing]) => [name, toStatus(isServing)] as const),
      );
      for (const name of new Set([...before.keys(), ...statuses.keys()]))
        if (before.get(name) !== statuses.get(name))
          for (const changed of watchers.get(name) ?? []) changed();
    },
    status: (name) => statuses.get(name),
    list: () => statuses,
    watch(name, changed) {
      const others = watchers.get(name) ?? new Set();
      watchers.set(name, others.add(changed));
      return () => {
        others.delete(changed);
        if (others.size === 0 && watchers.get(name) === others) watchers.delete(name);
      };
    },
  };
}

function toStatus(isServing: boolean): HealthStatus {
  return isServing ? "SERVING" : "NOT_SERVING";
}
