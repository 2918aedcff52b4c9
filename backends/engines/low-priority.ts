import { readFileSync, readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

const lowest = 19;
/** Of Linux; see capabilities(7). */
const capSysNice = 1n << 23n;

/**
 * Gives the calling thread, and the threads it starts, the lowest priority until the returned function is called.
 * Does nothing where the way back is closed: a thread that may not raise its priority would serve at the lowest one
 * for ever. Going back takes CAP_SYS_NICE or `ulimit -e 20`.
 */
export function lowerPriority(): () => void {
  const before = mayReturn() ? getPriority() : undefined;
  if (before === undefined || before >= lowest) return () => {};
  const known = new Set(threadIds());
  setPriority(lowest);
  return () => {
    setPriority(before);
    // A session's own threads were born with the priority of the thread that loaded it.
    for (const id of threadIds()) {
      if (!known.has(id)) raise(id, before);
    }
  };
}

/** Whether a thread of this process may lower its priority and return. */
export function mayReturn(): boolean {
  // Elsewhere the priority belongs to the process, not to the thread.
  if (process.platform !== "linux" || !isPermitted()) return false;
  const before = getPriority();
  if (before >= lowest) return false;
  // In a container of its own user namespace, the permission is not worth what it says: try the smallest step.
  setPriority(before + 1);
  try {
    setPriority(before);
    return true;
  } catch {
    return false;
  }
}

function isPermitted(): boolean {
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(
    readFileSync("/proc/self/status", "utf8"),
  )?.[1];
  if (capabilities !== undefined && (BigInt(`0x${capabilities}`) & capSysNice) !== 0n) return true;
  const limit = /^Max nice priority\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  // The limit counts from the bottom: 20 allows nice 0.
  return limit === "unlimited" || Number(limit) >= 20 - getPriority();
}

function threadIds(): number[] {
  return readdirSync("/proc/self/task").map(Number);
}

/** The thread may have ended meanwhile. */
function raise(threadId: number, priority: number): void {
  try {
    if (getPriority(threadId) === lowest) setPriority(threadId, priority);
  } catch {}
}
