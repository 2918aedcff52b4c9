import { execFile } from "node:child_process";

/** What became of a command. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  /** The reason, where it could not be started. */
  readonly stderr: string;
}

const maxBuffer = 64 * 1024 * 1024;

/** Never rejects. */
export function runCommand(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer }, (error, stdout, stderr) => {
      const reason = stderr === "" && error !== null ? error.message : stderr;
      resolve({ ok: error === null, stdout, stderr: reason });
    });
  });
}

/** Resolves to its standard output; rejects with what it complained about. */
export async function mustRun(ran: Promise<Ran>, what: string): Promise<string> {
  const { ok, stdout, stderr } = await ran;
  if (!ok) throw new Error(`${what} failed: ${stderr.trimEnd()}`);
  return stdout.trim();
}
