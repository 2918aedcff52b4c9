import { type Gate, shutGate } from "./gate.ts";

/** Longer than any run and most loads. */
let maxWaitMs = 10_000;

/** How many threads use each gate. */
const users = new Map<Gate, number>();

/**
 * Until the returned function is called, the process ends only when nobody is inside the gate. Exiting, or dying of
 * an uncaught error, while a thread is inside ONNX Runtime aborts with SIGABRT: a core dump and a lost exit code.
 */
export function guardExit(gate: Gate): () => void {
  if (users.size === 0) process.on("exit", shutAll);
  users.set(gate, (users.get(gate) ?? 0) + 1);
  return () => {
    const left = (users.get(gate) ?? 1) - 1;
    if (left > 0) users.set(gate, left);
    else users.delete(gate);
    if (users.size === 0) process.off("exit", shutAll);
  };
}

/** From now on an exit waits no longer than this for threads inside a gate. */
export function limitExitWait(ms: number): void {
  maxWaitMs = Math.min(maxWaitMs, ms);
}

function shutAll(): void {
  const endMs = performance.now() + maxWaitMs;
  const isFree = [...users.keys()].map((gate) =>
    shutGate(gate, Math.max(0, endMs - performance.now())),
  );
  // Node would join the thread, which nothing can interrupt, before it ends the process.
  if (isFree.includes(false)) process.kill(process.pid, "SIGKILL");
}
