import { ServingError } from "../../../proto/serving-error.ts";
import { chain, firstHash, type Unchained } from "../audit-chain.ts";
import { checkEntry } from "../check-entry.ts";
import type { AuditEntry, HistoryPage } from "../control-store.ts";
import type { HistoryLine } from "../history-page.ts";
import type { Connection } from "./connection.ts";
import type { Keys } from "./keys.ts";

/** What scripts want of an entry: its JSON, its hash, and the hash that must be the newest for it to follow. */
export type Link = readonly [json: string, hash: string, previousHash: string];

export type Answer = readonly unknown[];

export interface RedisHistory {
  /** Lets the script run until no other entry comes between; its answer. */
  append(entry: Unchained, run: (link: Link) => Promise<Answer>): Promise<Answer>;
  /** Newest first, from below that revision; of other entries than the page is about, some. */
  backwards(model: string, page: Omit<HistoryPage, "limit">): AsyncIterable<HistoryLine>;
}

type StreamEntry = readonly [id: string, fields: readonly string[]];

const attempts = 10;
/** Entries are small, or few are read at once: the first read tells which. */
const firstCount = 4;
const mostCount = 64;
const bytesAtOnce = 2 ** 20;

export function createHistory(connection: Pick<Connection, "send">, keys: Keys): RedisHistory {
  async function newestHash(model: string): Promise<string> {
    const hash = await connection.send("hget", [keys.rollout(model), "hash"]);
    return (hash as string | null) ?? firstHash;
  }

  return {
    async append(entry, run) {
      let previousHash = await newestHash(entry.rollout.distribution.model);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const chained = chain(previousHash, entry);
        const answer = await run([JSON.stringify(chained), chained.hash, previousHash]);
        if (answer[0] !== "moved") return answer;
        previousHash = answer[1] as string;
      }
      throw new ServingError("UNAVAILABLE", "others write to the store too often: try again");
    },
    async *backwards(model, { below = Infinity, auditIdPrefix = "" }) {
      if (below <= 0) return;
      let end = below === Infinity ? "+" : `${below - 1}`;
      for (let count = firstCount; ;) {
        const range = [keys.audit(model), end, "-", "COUNT", count];
        const found = (await connection.send("xrevrange", range)) as readonly StreamEntry[];
        for (const [id, fields] of found) {
          const json = fields[3] ?? "";
          const entry = json.includes(auditIdPrefix) ? parseEntry(json) : undefined;
          if (entry !== undefined)
            yield { revision: Number(id.split("-")[0]), entry, bytes: json.length };
        }
        if (found.length < count) return;
        count = countThatFits(found);
        end = `(${found.at(-1)![0]}`;
      }
    },
  };
}

function countThatFits(found: readonly StreamEntry[]): number {
  const bytes = found.reduce((sum, [, fields]) => sum + (fields[3]?.length ?? 0), 0);
  const count = Math.floor((bytesAtOnce * found.length) / Math.max(1, bytes));
  return Math.max(1, Math.min(mostCount, count));
}

/** What cannot be read is left out: it then is missing in the chain of hashes. */
function parseEntry(json: string): AuditEntry | undefined {
  try {
    return checkEntry(JSON.parse(json), "the entry");
  } catch {
    return undefined;
  }
}
