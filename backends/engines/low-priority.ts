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
  // A sandbox may still say no: try the smallest step.
  setPriority(before + 1);
  try {
    setPriority(before);
    return true;
  } catch {
    return false;
  }
}

function isPermitted(): boolean {
  if (hasCapability() && isFirstNamespace()) return true;
  const limit = field("/proc/self/limits", /^Max nice priority\s+(\S+)/m);
  // The limit counts from the bottom: 20 allows nice 0.
  return limit === "unlimited" || Number(limit) >= 20 - getPriority();
}

function hasCapability(): boolean {
  const capabilities = field("/proc/self/status", /^CapEff:\s*([0-9a-f]+)/m) ?? "0";
  return (BigInt(`0x${capabilities}`) & capSysNice) !== 0n;
}

/** In a user namespace of its own, as in rootless containers, the capability is worth nothing to the scheduler. */
function isFirstNamespace(): boolean {
  return field("/proc/self/uid_map", /^\s*0\s+0\s+(\d+)/) === "4294967295";
}

function field(file: string, pattern: RegExp): string | undefined {
  try {
    return pattern.exec(readFileSync(file, "utf8"))?.[1];
  } catch {
    return undefined;
  }
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
