/** One thread at a time is inside native code that cannot be interrupted. Shared between threads. */
export type Gate = Int32Array<SharedArrayBuffer>;

const open = 0;
/** For good: the process is exiting. Any other value is the id of the thread inside. */
const shut = -1;

export function createGate(): Gate {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** Blocks the thread until nobody is inside; for ever, once the gate is shut. */
export function enter(gate: Gate, threadId: number): void {
  for (;;) {
    const inside = Atomics.compareExchange(gate, 0, open, threadId);
    if (inside === open) return;
    Atomics.wait(gate, 0, inside);
  }
}

/** Also on behalf of a thread that died inside; nothing happens when it was not. */
export function leave(gate: Gate, threadId: number): void {
  if (Atomics.compareExchange(gate, 0, threadId, open) === threadId) Atomics.notify(gate, 0);
}

/** Nobody enters any more; true when whoever is inside left within `timeoutMs`. */
export function shutGate(gate: Gate, timeoutMs: number): boolean {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const inside = Atomics.compareExchange(gate, 0, open, shut);
    if (inside === open || inside === shut) return true;
    if (Atomics.wait(gate, 0, inside, Math.max(0, endMs - performance.now())) === "timed-out")
      return false;
  }
}
