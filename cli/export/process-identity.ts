import { createHash } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Tells a process from all others, also from one that gets its number later. */
export interface ProcessIdentity {
  /** Where the number means something: the machine and, of a container, its processes. In hexadecimal digits. */
  readonly place: string;
  readonly pid: number;
  /** In ticks since the machine started; 0 where the system does not say. */
  readonly started: number;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { place: await ownPlace(), pid, started: (await statOf(pid))?.started ?? 0 };
}

/** False wherever that is not certain. */
export async function isGone({ place, pid, started }: ProcessIdentity): Promise<boolean> {
  if (place !== (await ownPlace())) return false;
  if (!isThere(pid)) return true;
  const now = await statOf(pid);
  if (now === undefined) return false;
  return now.hasEnded || (started > 0 && now.started !== started);
}

async function ownPlace(): Promise<string> {
  const processes = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${hostname()} ${processes}`).digest("hex").slice(0, 16);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be sent anything: it is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Undefined where the system does not say. */
async function statOf(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return undefined;
  // Behind the program's name, which may hold anything: from field 3 on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { hasEnded: fields[0] === "Z" || fields[0] === "X", started: Number(fields[22 - 3]) };
}
