import type { Clock } from "../../backends/clock.ts";
import { pushbackTrailer } from "../../proto/pushback.ts";
import { ServingError } from "../../proto/serving-error.ts";

/** Keeps what comes in groups: while one is being kept, the next one gathers. */
export interface GroupCommit<Item> {
  /** Settles as the commit of the item's group does. Rejects with RESOURCE_EXHAUSTED when too much waits. */
  add(item: Item, bytes: number): Promise<void>;
  /** Resolves when all that was added is kept, or was refused. Idempotent. */
  close(): Promise<void>;
}

export interface GroupCommitOptions<Item> {
  readonly commit: (items: readonly Item[], bytes: number) => Promise<void>;
  /** From the start of one commit to the next: what is alone is kept at once, what comes in numbers together. */
  readonly gapMs: number;
  /** Of one group. */
  readonly maxGroupBytes: number;
  /** Of what waits for the commit under way. */
  readonly maxQueuedBytes: number;
  readonly clock: Clock;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly kept: () => void;
  readonly failed: (reason: unknown) => void;
}

const comeBackMs = "500";

export function createGroupCommit<Item>(options: GroupCommitOptions<Item>): GroupCommit<Item> {
  const { commit, gapMs, maxGroupBytes, maxQueuedBytes, clock } = options;
  const queue: Waiting<Item>[] = [];
  let queuedBytes = 0;
  let running: Promise<void> | undefined;
  let isClosed = false;

  function takeGroup(): { readonly group: readonly Waiting<Item>[]; readonly bytes: number } {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && (count === 0 || bytes + queue[count]!.bytes <= maxGroupBytes))
      bytes += queue[count++]!.bytes;
    queuedBytes -= bytes;
    return { group: queue.splice(0, count), bytes };
  }

  async function run(): Promise<void> {
    // What comes in the same turn of the event loop belongs together.
    await clock.turn();
    while (queue.length > 0) {
      const nextMs = clock.now() + gapMs;
      await commitGroup();
      if (!isClosed && clock.now() < nextMs)
        await new Promise<void>((resolve) => void clock.at(nextMs, resolve));
    }
    running = undefined;
  }

  async function commitGroup(): Promise<void> {
    const { group, bytes } = takeGroup();
    const items = group.map(({ item }) => item);
    try {
      await commit(items, bytes);
      for (const { kept } of group) kept();
    } catch (reason) {
      for (const { failed } of group) failed(reason);
    }
  }

  return {
    add(item, bytes) {
      if (isClosed) return Promise.reject(closed());
      if (queuedBytes + bytes > maxQueuedBytes) return Promise.reject(tooMuch());
      queuedBytes += bytes;
      const settled = new Promise<void>((kept, failed) => {
        queue.push({ item, bytes, kept, failed });
      });
      running ??= run();
      return settled;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

function closed(): ServingError {
  return new ServingError("UNAVAILABLE", "feedback is no longer taken here; send it again");
}

function tooMuch(): ServingError {
  const trailers = { [pushbackTrailer]: comeBackMs };
  const message = "more feedback comes than can be kept; send it later";
  return new ServingError("RESOURCE_EXHAUSTED", message, { trailers });
}
