import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { formatBasisPoints, parseBasisPoints } from "./basis-points-text.ts";
import { formatDuration, parseDuration } from "./duration-text.ts";
import type { Step } from "./rollout.ts";
import { formatSteps, parseSteps } from "./steps-text.ts";
import { parseWeights } from "./weights-text.ts";

describe("basis points", () => {
  test.each([
    ["250bp", 250],
    ["0bp", 0],
    ["10000bp", 10_000],
    ["1%", 100],
    ["2.5%", 250],
    ["0.01%", 1],
    ["2.50%", 250],
    ["2.500%", 250],
    ["100%", 10_000],
    ["100.00%", 10_000],
  ])("%s", (text, points) => expect(parseBasisPoints(text)).toBe(points));

  test.each(["", "5", "10001bp", "100.01%", "0.001%", "2.5bp", "-1bp", "1e2bp", "5 %", "bp", "∞%"])(
    "%j is refused",
    (text) => expect(parseBasisPoints(text)).toBeUndefined(),
  );

  test("come back as they were", () => {
    const points = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(points, (p) => {
        expect(parseBasisPoints(formatBasisPoints(p))).toBe(p);
      }),
    );
    fc.assert(
      fc.property(points, (p) => {
        expect(parseBasisPoints(`${(p / 100).toFixed(2)}%`)).toBe(p);
      }),
    );
  });
});

describe("durations", () => {
  test.each([
    ["250ms", 250],
    ["90s", 90_000],
    ["10m", 600_000],
    ["1.5h", 5_400_000],
    ["1h30m", 5_400_000],
    ["1d", 86_400_000],
  ])("%s", (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(["", "10", "m", "10 m", "10y", "-1s", "1h 30m"])("%j is refused", (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  test("come back as they were", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe("weights", () => {
  test("of one or more arms", () => {
    expect(parseWeights(["canary=250bp"])).toEqual({ canary: 250 });
    expect(parseWeights(["canary=1%,blue=2.5%", "green=0bp"])).toEqual({
      canary: 100,
      blue: 250,
      green: 0,
    });
  });

  test("every problem is told", () => {
    const wrong = ["canary=5", "blue", "canary=1%", "green=101%"];
    const parse = () => parseWeights(wrong);
    expect(parse).toThrow(expect.objectContaining({ code: Code.INVALID_ARGUMENT }));
    expect(parse).toThrow(
      'the weight of canary is "5"; it must be 5% or 5bp: say which; ' +
        '"blue" is no weight; write ARM=WEIGHT, e.g. canary=250bp; canary is given twice; the weight of green is "101%"; it must be from 0bp to 10000bp, or a percentage like 2.5%',
    );
  });
});

describe("steps", () => {
  const text = "100bp 10m, 500bp 30m, 2500bp pause, 10000bp";
  const steps: readonly Step[] = [
    { weight: 100, dwell: 600_000 },
    { weight: 500, dwell: 1_800_000 },
    { weight: 2_500, dwell: "pause" },
    { weight: 10_000, dwell: 0 },
  ];

  test("are read and written", () => {
    expect(parseSteps(text)).toEqual(steps);
    expect(formatSteps(steps)).toBe(text);
    expect(parseSteps(" 1%  10m ,2.5% pause")).toEqual([
      { weight: 100, dwell: 600_000 },
      { weight: 250, dwell: "pause" },
    ]);
  });

  test("come back as they were", () => {
    const dwell = fc.oneof(
      fc.constant("pause" as const),
      fc.integer({ min: 1, max: 90 * 86_400_000 }),
    );
    const step = fc.record({ weight: fc.integer({ min: 0, max: 10_000 }), dwell });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 100 }), (some) => {
        expect(parseSteps(formatSteps(some))).toEqual(some);
      }),
    );
  });

  test.each([
    ["", 'step 1: "" must be a weight and how long, e.g. 500bp 30m'],
    ["5 10m", 'step 1: the weight is "5"; it must be from 0bp to 10000bp'],
    ["1% 10", 'step 1: "10" is no time to stay; write e.g. 90s, 10m, 2h or pause'],
    ["1% 10m 5", 'step 1: "1% 10m 5" must be a weight and how long'],
    ["1%, 2% 5m", "step 1: say how long it stays, or pause; only the last step needs neither"],
    ["1% 1m, 5% 91d", "step 2: it must stay from 0 to 7776000000 ms"],
    ["7 1m, 1% x", 'step 1: the weight is "7"'],
    ["7 1m, 1% x", 'step 2: "x" is no time'],
    [Array(101).fill("1% 1m").join(), "there are 101 steps; at most 100"],
  ])("%j is refused", (wrong, problem) => {
    expect(() => parseSteps(wrong)).toThrow(problem);
    expect(() => parseSteps(wrong)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT }),
    );
  });
});
