import { expect, test } from "vitest";
import type { CallRecord } from "../chaos/call-record.ts";
import { judgeRestarts, type Restarts } from "./judge-restarts.ts";
import { memoryLimitBytes } from "./limits.ts";

const told = { message: "", degraded: "", arm: "", reason: 0, userId: "u1" };
const callAt = (sentMs: number, code = "OK"): CallRecord => ({
  ...told,
  dueMs: sentMs,
  sentMs,
  endedMs: sentMs + 1,
  code,
});

const well: Restarts = {
  direct: [callAt(1)],
  calls: [callAt(10), callAt(90)],
  exits: [{ code: 0, outOfMemory: false }],
  backMs: 50,
  memoryLimits: [memoryLimitBytes],
};

test("calls that are all answered, and containers that all drain, are well", () => {
  expect(judgeRestarts(well)).toMatchObject({ missed: [], invalid: [], figures: { calls: 2 } });
});

test("one failed call is a miss, with its status", () => {
  const judged = judgeRestarts({ ...well, calls: [callAt(10, "UNAVAILABLE"), callAt(90)] });
  expect(judged.figures.failed).toEqual({ UNAVAILABLE: 1 });
  expect(judged.missed).toEqual([expect.stringContaining("1 calls failed")]);
});

test.each([
  { code: 137, outOfMemory: false },
  { code: 0, outOfMemory: true },
])("a container that ends with %j is a miss", (exit) => {
  expect(judgeRestarts({ ...well, exits: [exit] }).missed).toHaveLength(1);
});

test("calls that ended too early, and limits that do not hold, prove nothing", () => {
  expect(judgeRestarts({ ...well, calls: [callAt(10)] }).invalid).toHaveLength(1);
  expect(judgeRestarts({ ...well, memoryLimits: [2 ** 40] }).invalid).toHaveLength(1);
  expect(judgeRestarts({ ...well, direct: [] }).invalid).toHaveLength(1);
});
