import { readFileSync } from "node:fs";
import { runEval } from "./run-eval.ts";

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

export interface Seat {
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Runs `crossfade eval ARGS` in this process. */
export async function runCli(args: readonly string[], seat: Seat = {}): Promise<Ran> {
  const { env = {}, signal = new AbortController().signal } = seat;
  let [printed, complained] = ["", ""];
  const terminal = {
    print: (text: string) => void (printed += text),
    complain: (text: string) => void (complained += text),
    isWatched: false,
    env,
    readFile: (path: string) => readFileSync(path, "utf8"),
    nowMs: Date.now,
    signal,
  };
  const progress = { isTTY: false, write: () => true };
  const code = await runEval(args, { terminal, progress });
  return { code, printed, complained };
}
