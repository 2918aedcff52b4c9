import { readFileSync } from "node:fs";
import { runLoadtest } from "./run-loadtest.ts";

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

export interface Seat {
  /** By path; others are read from the disk. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Sees what is told while it goes on. */
  readonly onTold?: (text: string) => void;
}

/** Runs `crossfade loadtest ARGS` in this process. */
export async function runCli(args: readonly string[], seat: Seat = {}): Promise<Ran> {
  const { files = {}, env = {}, signal = new AbortController().signal, onTold } = seat;
  let [printed, complained] = ["", ""];
  const complain = (text: string) => {
    complained += text;
    onTold?.(text);
  };
  const terminal = {
    print(text: string) {
      printed += text;
      onTold?.(text);
    },
    complain,
    isWatched: false,
    env,
    readFile: (path: string) => files[path] ?? readFileSync(path, "utf8"),
    nowMs: Date.now,
    signal,
  };
  const code = await runLoadtest(args, { terminal, live: { write: complain } });
  return { code, printed, complained };
}

/** A command line, its words separated by spaces; quotes keep words together. */
export function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)].map(
    ([whole, double, single]) => double ?? single ?? whole,
  );
}
