import { EventEmitter, once } from "node:events";
import { expect, test } from "vitest";
import { createLog } from "./log/log.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/** A process that receives signals and notes its exits. */
function stage(close: () => Promise<void>) {
  const signals = new EventEmitter();
  const exits = new EventEmitter();
  const log = createLog({ write: () => {} });
  stopOnSignals(close, { log, signals, exit: (code) => exits.emit("exit", code) });
  return { signals, nextExit: async () => ((await once(exits, "exit")) as [number])[0] };
}

test.each(["SIGTERM", "SIGINT"])("%s closes, then exits with 0", async (signal) => {
  let closed = false;
  const { signals, nextExit } = stage(async () => {
    closed = true;
  });
  const exit = nextExit();
  signals.emit(signal);
  expect(await exit).toBe(0);
  expect(closed).toBe(true);
});

test("a second signal exits at once", async () => {
  let closes = 0;
  const { signals, nextExit } = stage(() => {
    closes += 1;
    return new Promise(() => {});
  });
  const exit = nextExit();
  signals.emit("SIGTERM");
  signals.emit("SIGINT");
  expect(await exit).toBe(130);
  expect(closes).toBe(1);
});

test("a shutdown that fails exits with 1", async () => {
  const { signals, nextExit } = stage(async () => {
    throw new Error("worker stuck");
  });
  const exit = nextExit();
  signals.emit("SIGTERM");
  expect(await exit).toBe(1);
});
