import { createHistogram } from "../../histogram/create-histogram.ts";
import type { Recorder } from "../../histogram/histogram.ts";
import type { Second } from "../../run-result.ts";

export interface OpenSecond {
  due: number;
  ok: number;
  failed: number;
  lagMs: number;
  readonly latency: Recorder;
  readonly arms: Map<string, number>;
}

/** A run's seconds, by when calls were to leave. */
export interface Seconds {
  at(dueMs: number): OpenSecond;
  list(): readonly Second[];
}

/**
 * Calls of one second end in others, so the last ones stay open; the rest is kept small.
 * @param openMs How long after its second began a call may end.
 */
export function createSeconds(openMs: number): Seconds {
  const keep = Math.ceil(openMs / 1_000) + 2;
  const open = new Map<number, OpenSecond>();
  const closed: Second[] = [];
  let current: OpenSecond | undefined;
  let currentNumber = -1;

  function find(number: number): OpenSecond {
    const known = open.get(number);
    if (known) return known;
    for (const old of open.keys()) if (old < number - keep) close(old);
    const second = openSecond(closed[number]);
    open.set(number, second);
    return second;
  }

  function close(number: number): void {
    closed[number] = settled(open.get(number)!);
    open.delete(number);
  }

  return {
    at(dueMs) {
      const number = Math.floor(dueMs / 1_000);
      if (number !== currentNumber || current === undefined) {
        current = find(number);
        currentNumber = number;
      }
      return current;
    },
    list() {
      const last = Math.max(closed.length - 1, ...open.keys());
      return Array.from({ length: last + 1 }, (_, number) => {
        const second = open.get(number);
        return second ? settled(second) : (closed[number] ?? settled(openSecond()));
      });
    },
  };
}

function openSecond(from?: Second): OpenSecond {
  const latency = createHistogram();
  if (from) latency.add(from.latency);
  const { due = 0, ok = 0, failed = 0, lagMs = 0, arms = {} } = from ?? {};
  return { due, ok, failed, lagMs, latency, arms: new Map(Object.entries(arms)) };
}

function settled({ latency, arms, ...rest }: OpenSecond): Second {
  return { ...rest, latency: latency.snapshot(), arms: Object.fromEntries(arms) };
}
