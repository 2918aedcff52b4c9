import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Metadata } from "../../transport/call.ts";
import type { Channel } from "../../transport/transport.ts";
import type { Answer, Query } from "../backend.ts";
import type { Clock } from "../clock.ts";
import { createPendingCalls, type Pending, type PendingCalls } from "../pending/pending.ts";
import { exchange } from "./exchange.ts";
import { forwardedMetadata, metadataKey } from "./forwarded-metadata.ts";
import type { Load } from "./load.ts";
import { createOutbox } from "./outbox.ts";
import { outgoing, type Outgoing } from "./outgoing.ts";

export interface SenderOptions {
  readonly channel: Pick<Channel, "unary">;
  readonly load: Load;
  readonly hopMarginMs: number;
  readonly clock: Clock;
  /** What the caller did not mean for this server. */
  readonly refuse: (query: Query) => ServingError | undefined;
  /** The server says that it does not hold what it was asked for. */
  readonly misplaced: () => void;
}

/** Queries to messages, replies to answers; each query is settled by its own deadline. */
export interface Sender extends Pick<PendingCalls<Entry>, "drained"> {
  answer(queries: readonly Query[]): Promise<readonly Answer[]>;
}

/** A query that waits for its message to leave, or to be answered. */
interface Entry {
  readonly pending: Pending<Entry>;
  readonly index: number;
  readonly query: Outgoing;
  readonly forwarded: Forwarded;
  message: Message | undefined;
}

interface Forwarded {
  readonly metadata: Metadata;
  readonly key: string;
}

/** What left as one call. */
interface Message {
  readonly abandoned: AbortController;
  /** For how many of its queries somebody waits. */
  waitedFor: number;
}

const maxMessageQueries = 256;
const maxMessageBytes = 1024 * 1024;

export function createSender(options: SenderOptions): Sender {
  const { channel, load, clock } = options;
  const calls = createPendingCalls<Entry>({
    replyMarginMs: options.hopMarginMs,
    clock,
    abandon: giveUp,
  });
  const outbox = createOutbox<Entry>({
    clock,
    keyOf: ({ forwarded }) => forwarded.key,
    sizeOf: ({ query }) => query.size,
    maxEntries: maxMessageQueries,
    maxBytes: maxMessageBytes,
    send: (entries) => void send(entries.filter(isWaitedFor)),
  });

  async function send(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const { abandoned } = embark(entries);
    const ended = load.started(entries.length);
    const answers = await exchange(
      channel,
      entries.map(({ query }) => query),
      {
        deadlineMs: Math.max(...entries.map((entry) => calls.dueMs(entry.pending, entry.index))),
        metadata: entries[0]!.forwarded.metadata,
        signal: abandoned.signal,
      },
    );
    ended(answers.some((answer) => !(answer instanceof ServingError)));
    if (answers.some(isMisplaced)) options.misplaced();
    entries.forEach(({ pending, index }, place) => calls.settle(pending, index, answers[place]!));
  }

  return {
    drained: () => calls.drained(),
    answer(queries) {
      const pending = calls.open(queries);
      const forwardedOf = createForwarding();
      queries.forEach((query, index) => {
        if (pending.answers[index] !== undefined) return;
        const sent = options.refuse(query) ?? attempt(() => outgoing(query));
        if (sent instanceof ServingError) return calls.settle(pending, index, sent);
        const forwarded = forwardedOf(query);
        const entry = { pending, index, query: sent, forwarded, message: undefined };
        pending.work[index] = entry;
        outbox.put(entry);
      });
      return pending.answered;
    },
  };
}

function embark(entries: readonly Entry[]): Message {
  const message = { abandoned: new AbortController(), waitedFor: entries.length };
  for (const entry of entries) entry.message = message;
  return message;
}

/** A call that carries others' queries goes on; one that nobody waits for is cancelled. */
function giveUp({ message }: Entry): void {
  if (message === undefined) return;
  message.waitedFor--;
  if (message.waitedFor === 0) message.abandoned.abort();
}

function isWaitedFor({ pending, index }: Entry): boolean {
  return pending.answers[index] === undefined;
}

function isMisplaced(answer: Answer): boolean {
  if (!(answer instanceof ServingError)) return false;
  return answer.code === Code.FAILED_PRECONDITION || answer.code === Code.NOT_FOUND;
}

/** Queries of one RPC stand together and share their metadata, which is read once. */
function createForwarding(): (query: Query) => Forwarded {
  let last: { readonly call: Query["call"]; readonly forwarded: Forwarded } | undefined;
  return ({ call }) => {
    if (last?.call !== call) {
      const metadata = forwardedMetadata(call.metadata);
      last = { call, forwarded: { metadata, key: metadataKey(metadata) } };
    }
    return last.forwarded;
  };
}

function attempt<Value>(act: () => Value): Value | ServingError {
  try {
    return act();
  } catch (error) {
    return ServingError.from(error);
  }
}
