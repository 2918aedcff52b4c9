import { expect, test } from "vitest";
import { silentMeter } from "../backends/meter.ts";
import { createPuppet } from "../backends/puppet.ts";
import { createVirtualClock } from "../backends/virtual-clock.ts";
import { deferred } from "../transport/contract/deferred.contract.ts";
import { loadInTime } from "./load-in-time.ts";
import { createLog } from "./log/log.ts";
import type { LoadedVersion, LoadOptions } from "./model-version.ts";

const info = {
  family: "two-tower",
  variant: "fp32",
  itemCount: 1,
  created: new Date(0),
  overlapAt10: 1,
  idType: "string" as const,
};

/** One load of a puppet, which goes on when told to. */
function openLoad() {
  const gate = deferred();
  const backend = createPuppet({ model: "music", version: "1" });
  const signals: AbortSignal[] = [];
  const lines: string[] = [];
  const clock = createVirtualClock();
  const log = createLog({ isPretty: false, write: (line) => lines.push(line) });
  const load = loadInTime(
    async (_, { signal }): Promise<LoadedVersion> => {
      signals.push(signal);
      await gate.promise;
      return { model: "music", version: "1", backend, info };
    },
    { timeoutMs: 600_000, log, clock },
  );
  const stop = new AbortController();
  const { signal } = stop;
  const options: LoadOptions = {
    signal,
    meterFor: () => silentMeter,
    lost() {},
    abandoned() {},
  };
  return { gate, backend, signals, lines, clock, stop, loading: load("/models/music/1", options) };
}

test("a load that is over in time is as it was", async () => {
  const { gate, backend, clock, lines, loading } = openLoad();
  await clock.advanceTo(599_999);
  gate.resolve();
  expect((await loading).backend).toBe(backend);
  await clock.advanceTo(1_000_000);
  expect(backend.isReady("music", "1")).toBe(true);
  expect(lines).toEqual([]);
});

test("a load that hangs is given up, and closed if it ends after all", async () => {
  const { gate, backend, signals, lines, clock, loading } = openLoad();
  const failed = expect(loading).rejects.toThrow("within loadTimeoutMs (600000)");
  await clock.advanceTo(600_000);
  await failed;
  expect(signals[0]!.aborted).toBe(true);
  expect(lines).toEqual([expect.stringContaining("left to itself")]);
  gate.resolve();
  await expect.poll(() => backend.isReady("music", "1")).toBe(false);
});

test("a load hears of a shutdown", async () => {
  const { gate, signals, stop, loading } = openLoad();
  stop.abort();
  expect(signals[0]!.aborted).toBe(true);
  gate.resolve();
  await loading;
});
