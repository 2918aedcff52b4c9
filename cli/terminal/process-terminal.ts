import { readFileSync } from "node:fs";
import type { Terminal } from "./terminal.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/** This process's. Interrupted, it stops what it watches and exits as it should. */
export function openProcessTerminal(): Terminal & Disposable {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const name of signals) process.once(name, interrupt);
  // Whoever reads may have seen enough: `crossfade rollout get -w | head -1`.
  process.stdout.on("error", interrupt);
  return {
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    isWatched: process.stdout.isTTY,
    env: process.env,
    readFile: (path) => readFileSync(path === "-" ? 0 : path, "utf8"),
    nowMs: Date.now,
    signal: interrupted.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, interrupt);
      process.stdout.off("error", interrupt);
    },
  };
}
