import { systemClock } from "../../../backends/clock.ts";
import { openConnections, type Connection } from "../../../router/store/redis/connect.ts";
import { formatStoreAddress } from "../../../router/store/store-address.ts";
import { lineOf } from "../event-line.ts";
import type { FeedbackMeter } from "../feedback-meter.ts";
import type { FeedbackSink } from "../feedback-sink.ts";
import { createGroupCommit } from "../group-commit.ts";
import { brokenSink, fullSink } from "../sink-failure.ts";
import { proveDurable, type Proof } from "./proof.ts";
import { recallStream } from "./read-stream.ts";
import { streamError } from "./stream-error.ts";
import { lineField, standardKey, type StreamPlace } from "./stream-settings.ts";

export interface StreamOptions extends StreamPlace {
  /** Of the stream, as Redis counts its memory; more is refused. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Older entries are removed. Default 90 days. */
  readonly keepMs?: number;
  /** Between two commits, at least. Default 20. */
  readonly syncMs?: number;
  /**
   * When an event is acknowledged: when it is on the disk of Redis, or when Redis has it, which a crash of Redis can
   * lose. Default "synced".
   */
  readonly ack?: "synced" | "received";
  /** For a group of events to be kept, and for Redis to come back. Default 4,000. */
  readonly timeoutMs?: number;
  readonly meter?: FeedbackMeter;
}

/** With appendfsync everysec, the sync may come after two seconds. */
const standardTimeoutMs = 4_000;
/** Of the timeout: Redis says that it was too short before the connection is given up. */
const waitShare = 0.75;
const maxGroupBytes = 2 ** 22;
const maxQueuedBytes = 2 ** 24;
const proofTtlMs = 10_000;

/**
 * ARGV: most bytes, how long entries are kept, the field, lines. Nothing is added when the stream is full already, so that
 * what was acknowledged is not pushed out by what comes.
 */
const addScript = `
local bytes = redis.call('MEMORY', 'USAGE', KEYS[1]) or 0
if bytes > tonumber(ARGV[1]) then return {'full', bytes} end
local oldest = string.format('%.0f', redis.call('TIME')[1] * 1000 - ARGV[2])
for i = 4, #ARGV do
  redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', ARGV[3], ARGV[i])
end
return {'done', bytes}
`;

/** A stream in Redis or Valkey. It is there at once, whether or not the server can be reached: what is appended tells. */
export async function openStream(options: StreamOptions): Promise<FeedbackSink> {
  const { syncMs = 20, timeoutMs = standardTimeoutMs } = options;
  const { connection } = await openConnections({ ...options, timeoutMs });
  const writer = createWriter(connection, options);
  const group = createGroupCommit<string>({
    commit: async (lines, bytes) => {
      try {
        await writer.write(lines, bytes);
      } catch (error) {
        throw streamError(error, options);
      }
    },
    gapMs: syncMs,
    maxGroupBytes,
    maxQueuedBytes,
    clock: systemClock,
  });

  async function shutDown(): Promise<void> {
    await group.close();
    writer.close();
    connection.close();
  }

  let closing: Promise<void> | undefined;
  return {
    name: formatStoreAddress(options.address),
    append(event) {
      const line = lineOf(event);
      return group.add(line, Buffer.byteLength(line));
    },
    recall: (sinceMs) => recallStream(connection, options, sinceMs),
    close: () => (closing ??= shutDown()),
  };
}

interface Writer {
  write(lines: readonly string[], bytes: number): Promise<void>;
  close(): void;
}

function createWriter(connection: Connection, options: StreamOptions): Writer {
  const { key = standardKey, maxBytes = 2 ** 30, keepMs = 90 * 86_400_000 } = options;
  const { ack = "synced", timeoutMs = standardTimeoutMs, meter } = options;
  const waitMs = waitShare * timeoutMs;
  let proof: { readonly is: Promise<Proof>; readonly untilMs: number } | undefined;
  let changes = 0;
  // Behind the same address there may be another server from now on.
  const forget = connection.onChange(() => {
    changes += 1;
    proof = undefined;
  });

  async function prove(): Promise<Proof | "none"> {
    if (ack === "received") return "none";
    if (proof === undefined || proof.untilMs < performance.now())
      proof = { is: proveDurable(connection), untilMs: performance.now() + proofTtlMs };
    try {
      return await proof.is;
    } catch (error) {
      proof = undefined;
      throw error;
    }
  }

  return {
    close: forget,
    async write(lines, bytes) {
      const startedMs = performance.now();
      const proven = await prove();
      const args = [addScript, 1, key, maxBytes, keepMs, lineField, ...lines];
      const before = changes;
      const added = connection.send("eval", args);
      const waited = proven === "waits" ? connection.send("waitaof", [1, 0, waitMs]) : undefined;
      const [result, synced] = await both(added, waited);
      const [outcome, keptBytes] = result as [string, number];
      if (outcome === "full") throw fullSink("the stream has no more room");
      if (synced !== undefined) {
        // On another connection there is nothing to wait for, and WAITAOF says that all is well.
        if (changes !== before)
          throw brokenSink(new Error("the connection to Redis was lost before it had synced"));
        if (!(Number((synced as number[])[0]) >= 1))
          throw brokenSink(new Error(`Redis did not sync within ${waitMs} ms`));
      }
      meter?.kept({ sink: "stream", bytes: keptBytes, maxBytes });
      meter?.synced({ events: lines.length, bytes, tookMs: performance.now() - startedMs });
    },
  };
}

/** The first failure, when both have ended. */
async function both(one: Promise<unknown>, other: Promise<unknown> | undefined) {
  const ended = await Promise.allSettled([one, other]);
  return ended.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}
