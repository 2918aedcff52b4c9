import type { Clock } from "../clock.ts";

export interface OutboxOptions<Entry> {
  readonly clock: Clock;
  /** Entries with different keys never share a message. */
  readonly keyOf: (entry: Entry) => string;
  readonly sizeOf: (entry: Entry) => number;
  readonly maxEntries: number;
  /** An entry that is larger goes alone. */
  readonly maxBytes: number;
  readonly send: (entries: readonly Entry[]) => void;
}

/** Entries that arrive in one turn of the event loop leave together at its end, in their order. */
export interface Outbox<Entry> {
  put(entry: Entry): void;
}

export function createOutbox<Entry>(options: OutboxOptions<Entry>): Outbox<Entry> {
  const { clock, send } = options;
  let waiting: Entry[] = [];

  const flush = () => {
    const entries = waiting;
    waiting = [];
    for (const message of messagesOf(entries, options)) send(message);
  };
  return {
    put(entry) {
      waiting.push(entry);
      if (waiting.length === 1) void clock.turn().then(flush);
    },
  };
}

function messagesOf<Entry>(entries: readonly Entry[], options: OutboxOptions<Entry>): Entry[][] {
  const { keyOf, sizeOf, maxEntries, maxBytes } = options;
  const messages: Entry[][] = [];
  const open = new Map<string, { readonly message: Entry[]; bytes: number }>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const size = sizeOf(entry);
    const last = open.get(key);
    if (last && last.message.length < maxEntries && last.bytes + size <= maxBytes) {
      last.message.push(entry);
      last.bytes += size;
    } else {
      const message = [entry];
      messages.push(message);
      open.set(key, { message, bytes: size });
    }
  }
  return messages;
}
