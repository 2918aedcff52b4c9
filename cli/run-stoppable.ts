import { printable } from "./terminal/printable.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/** Work of a command that ends: its exit code, and a sentence when it fails. A signal stops it. */
export async function runStoppable(
  command: string,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error("stopped by a signal; nothing was written"));
  for (const signal of signals) process.once(signal, onSignal);
  try {
    return await work(stop.signal);
  } catch (error) {
    say(`${command}: ${(error as Error).message}`);
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** A line for people, in which nothing steers their terminal. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
