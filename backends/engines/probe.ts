import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { processArguments } from "../../models/start-worker.ts";
import type { ProviderName } from "./provider.ts";

/** Whether a provider can run a small graph here. */
export type Finding =
  | { readonly works: true; readonly openMs: number; readonly firstRunMs: number }
  | { readonly works: false; readonly why: string };

/** Tries it in a process of its own, which inherits the environment of this one. Never rejects. */
export async function probe(provider: ProviderName, timeoutMs = 60_000): Promise<Finding> {
  try {
    const { stdout } = await run(
      process.execPath,
      [...processArguments("probe-process", import.meta.url), provider],
      {
        timeout: timeoutMs,
        killSignal: "SIGKILL",
      },
    );
    return JSON.parse(stdout) as Finding;
  } catch (error) {
    return { works: false, why: describe(error as Failure, timeoutMs) };
  }
}

const run = promisify(execFile);

interface Failure extends Error {
  readonly killed?: boolean;
  readonly code?: number | string | null;
  readonly signal?: string | null;
  readonly stderr?: string;
}

function describe(
  { killed, code, signal, stderr = "", message }: Failure,
  timeoutMs: number,
): string {
  if (killed === true) return `the attempt did not end within ${timeoutMs / 1000} s`;
  const last = stderr.trim().split("\n").at(-1) ?? "";
  if (typeof signal === "string") return `the attempt ended with ${signal}: ${last}`;
  return typeof code === "number" ? `the attempt ended with exit code ${code}: ${last}` : message;
}
