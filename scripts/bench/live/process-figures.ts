import { readFileSync } from "node:fs";

/** Linux counts CPU time in these, whatever the hardware. */
const msPerTick = 10;

export interface CpuTimes {
  /** Of all threads, those that ended among them. */
  readonly allMs: number;
  /** Of the thread that reads and writes the network. */
  readonly mainMs: number;
}

export function cpuTimes(pid: number): CpuTimes {
  return {
    allMs: cpuMs(`/proc/${pid}/stat`),
    mainMs: cpuMs(`/proc/${pid}/task/${pid}/stat`),
  };
}

/** Of this process. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function cpuMs(statFile: string): number {
  const stat = readFileSync(statFile, "utf8");
  // The name, in parentheses, may hold spaces; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** Resident memory, MB = 2^20 bytes. */
export interface Memory {
  readonly rssMb: number;
  /** Heaps and copies. */
  readonly anonMb: number;
  /** Mapped files: code and weights that are read in place. */
  readonly fileMb: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
  return { rssMb: mb("VmRSS"), anonMb: mb("RssAnon"), fileMb: mb("RssFile") };
}
