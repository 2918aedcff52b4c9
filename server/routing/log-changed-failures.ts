import type { Log } from "../log/log.ts";

/** For what is tried again and again: tells a failure once, until another one comes. */
export function logChangedFailures(log: Log, message: string): (error: unknown) => void {
  let last = "";
  return (error) => {
    if (String(error) !== last) log.warn(message, { error });
    last = String(error);
  };
}
