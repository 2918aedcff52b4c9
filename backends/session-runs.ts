import type { EngineSession } from "./engine.ts";

/** What one session was sent and has not answered. It answers in order. */
export interface SessionRuns extends EngineSession {
  sent(expectedMs: number, nowMs: number): void;
  ended(nowMs: number): void;
}

/** Slower than any hiccup of a machine. */
const leastHangMs = 30_000;
const hangFactor = 20;

export function createSessionRuns(): SessionRuns {
  const expectedMs: number[] = [];
  let startedMs = 0;
  return {
    get runs() {
      return expectedMs.length;
    },
    leftMs(nowMs) {
      if (expectedMs.length === 0) return 0;
      // One that has overstayed for long is expected to go on for as long again: it may hang.
      let ms = Math.abs(expectedMs[0]! - (nowMs - startedMs));
      for (let ahead = 1; ahead < expectedMs.length; ahead++) ms += expectedMs[ahead]!;
      return ms;
    },
    hangs(nowMs) {
      const [expected] = expectedMs;
      if (expected === undefined) return false;
      return nowMs - startedMs > Math.max(leastHangMs, hangFactor * expected);
    },
    sent(ms, nowMs) {
      if (expectedMs.length === 0) startedMs = nowMs;
      expectedMs.push(ms);
    },
    ended(nowMs) {
      expectedMs.shift();
      startedMs = nowMs;
    },
  };
}

/** The session that is free first, and an idle one before any; undefined when there are none. */
export function freeFirst<Session extends EngineSession>(
  sessions: Iterable<Session>,
  nowMs: number,
): Session | undefined {
  let first: Session | undefined;
  let firstMs = Infinity;
  for (const session of sessions) {
    if (session.runs === 0) return session;
    const leftMs = session.leftMs(nowMs);
    if (first !== undefined && leftMs >= firstMs) continue;
    first = session;
    firstMs = leftMs;
  }
  return first;
}
