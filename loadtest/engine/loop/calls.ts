import type { Clock } from "../clock.ts";
import { createFreeStreams } from "./free-streams.ts";
import type { Stream } from "./streams.ts";

/** A call of the schedule. Its number is negative while warming up. */
export interface DueCall {
  readonly number: number;
  /** From the start of counting. */
  readonly dueMs: number;
}

/** Which streams have a call, and when it came and went. */
export interface Calls {
  readonly inFlight: number;
  /** Streams without a call. */
  readonly free: number;
  /** Only where a stream is free. */
  begin(call: DueCall): Stream;
  end(stream: number): Stream;
  /** After its end: the stream can take another call. */
  release(stream: Stream): void;
}

export interface CallsOptions {
  readonly streams: readonly Stream[];
  readonly clock: Clock;
  readonly origin: { readonly atMs: number };
}

export function createCalls({ streams, clock, origin }: CallsOptions): Calls {
  const free = createFreeStreams(streams.length);
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    get free() {
      return free.count;
    },
    begin({ dueMs }) {
      inFlight++;
      const stream = streams[free.take()]!;
      stream.calls++;
      stream.isCancelled = false;
      stream.dueMs = dueMs;
      stream.leftMs = clock.now() - origin.atMs;
      return stream;
    },
    end(index) {
      inFlight--;
      const stream = streams[index]!;
      stream.endedMs = clock.now() - origin.atMs;
      return stream;
    },
    release(stream) {
      stream.freeMs = clock.now() - origin.atMs;
      free.give(stream.index);
    },
  };
}
