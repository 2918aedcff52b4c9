export interface End extends Disposable {
  /** Aborts when the time is up, or with the other signal. */
  readonly signal: AbortSignal;
}

/**
 * Dispose of it when nobody waits any more. In Node 20, `AbortSignal.timeout` within `AbortSignal.any` may be collected as
 * garbage, timer and all: the time is then never up.
 */
export function endAfter(timeMs: number, other: AbortSignal): End {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeMs);
  other.addEventListener("abort", abort, { once: true });
  if (other.aborted) abort();
  return {
    signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      other.removeEventListener("abort", abort);
    },
  };
}
