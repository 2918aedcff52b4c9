import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Ran {
  readonly output: string;
  /** User and system time, to the millisecond. */
  readonly cpuMs: number;
}

const script = `TIMEFORMAT="cpu %U %S"; time "$@"`;

/** Runs a program to its end, and says what it spent, as the kernel counts it. Rejects when it fails. */
export async function runProgram(program: string, args: readonly string[]): Promise<Ran> {
  // Only a parent that waits for it is told what a process spent; bash is, Node is not.
  const command = ["-c", script, "bash", program, ...args];
  const { stdout, stderr } = await promisify(execFile)("bash", command, { maxBuffer: 2 ** 26 });
  const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? [];
  return { output: stdout, cpuMs: 1_000 * (Number(user) + Number(system)) };
}
