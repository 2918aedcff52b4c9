import type { Http2Session } from "node:http2";

/**
 * nghttp2 cuts a connection, and every call on it, that resets 1,000 streams and then more than 33 a second.
 * This is reached before that by any pattern of resets, and lets calls in flight finish.
 */
const maxResets = 500;
const windowMs = 15_000;
/** For the calls in flight on a connection that was told to go. */
const graceMs = 10_000;

/** Counts the streams that callers reset; a connection with too many is told to go: each costs far more than it cost them. */
export function createResetLimit(): (session: Http2Session) => void {
  const windows = new WeakMap<Http2Session, { sinceMs: number; resets: number }>();
  return (session) => {
    const nowMs = performance.now();
    let window = windows.get(session);
    if (window === undefined || nowMs - window.sinceMs > windowMs)
      windows.set(session, (window = { sinceMs: nowMs, resets: 0 }));
    window.resets += 1;
    if (window.resets > maxResets) sendAway(session);
  };
}

function sendAway(session: Http2Session): void {
  if (session.closed || session.destroyed) return;
  // GOAWAY with NO_ERROR: for any other reason clients give up the calls that they have on it, too.
  session.close();
  setTimeout(() => session.destroy(), graceMs).unref();
}
