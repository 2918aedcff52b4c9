/** Encoded replies by key, in bounded memory: the one that was longest not asked for goes first. */
export interface AnswerStore {
  /** The reply, when it is not older than `maxAgeMs`; it then counts as asked for. */
  get(key: string, maxAgeMs: number): Uint8Array | undefined;
  /** Keeps a copy, unless it takes more than everything may. */
  put(key: string, reply: Uint8Array): void;
  /** What is kept takes about as much. */
  bytes(): number;
}

export interface AnswerStoreOptions {
  readonly maxBytes: number;
  readonly now: () => number;
}

interface Entry {
  readonly reply: Uint8Array;
  readonly storedMs: number;
}

/** What an entry takes besides its key and reply: of resident memory, measured with 100,000 entries. */
const entryOverheadBytes = 800;

export function createAnswerStore({ maxBytes, now }: AnswerStoreOptions): AnswerStore {
  /** In the order in which they were asked for. */
  const entries = new Map<string, Entry>();
  let bytes = 0;

  const remove = (key: string) => {
    const entry = entries.get(key);
    if (entry !== undefined) bytes -= sizeOf(key, entry.reply);
    entries.delete(key);
  };

  return {
    get(key, maxAgeMs) {
      const entry = entries.get(key);
      if (entry === undefined || now() - entry.storedMs > maxAgeMs) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.reply;
    },
    put(key, reply) {
      remove(key);
      const size = sizeOf(key, reply);
      if (size > maxBytes) return;
      // A copy of its own: the reply may be a slice of a batch, or of Node's buffer pool.
      entries.set(key, { reply: new Uint8Array(reply), storedMs: now() });
      bytes += size;
      for (const [oldest] of entries) {
        if (bytes <= maxBytes) return;
        remove(oldest);
      }
    },
    bytes: () => bytes,
  };
}

function sizeOf(key: string, reply: Uint8Array): number {
  return key.length + reply.length + entryOverheadBytes;
}
