import { expect } from "vitest";

/** Waits for what must come, however slow the machine is. */
export function eventually<Value>(read: () => Value | Promise<Value>) {
  return expect.poll(read, { timeout: 20_000, interval: 10 });
}
