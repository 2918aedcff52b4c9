import { execFile } from "node:child_process";

/** What became of a command. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  /** The reason, where it could not be started. */
  readonly stderr: string;
}

const maxBuffer = 64 * 1024 * 1024;

export interface Around {
  /** Besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Its standard input. */
  readonly input?: string | undefined;
}

/** Never rejects. */
export function runCommand(
  program: string,
  args: readonly string[],
  { env, cwd, input }: Around = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { maxBuffer, cwd, env: { ...process.env, ...env } };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const reason = stderr === "" && error !== null ? error.message : stderr;
      resolve({ ok: error === null, stdout, stderr: reason });
    });
    // Whoever ends without reading it has its own reason, which it tells.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** Resolves to its standard output; rejects with what it complained about. */
export async function mustRun(ran: Promise<Ran>, what: string): Promise<string> {
  const { ok, stdout, stderr } = await ran;
  if (!ok) throw new Error(`${what} failed: ${stderr.trimEnd()}`);
  return stdout.trim();
}
