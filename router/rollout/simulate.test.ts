import { expect, test } from "vitest";
import { distributionOf } from "../distributions.fixture.ts";
import { simulate } from "./simulate.ts";

const document = distributionOf({ stable: 9_000, canary: 500, blue: 500 });
const load = {
  stable: { rowsPerSecond: 900, costMs: 2 },
  canary: { rowsPerSecond: 50, costMs: 4 },
  blue: { rowsPerSecond: 50 },
};

test("says who moves from where to where, in buckets", () => {
  expect(simulate(document, { canary: 1_000 }, load).moves).toEqual([
    { from: "stable", to: "canary", buckets: 500 },
  ]);
  expect(simulate(document, { canary: 0, blue: 700 }, load).moves).toEqual([
    { from: "canary", to: "stable", buckets: 300 },
    { from: "canary", to: "blue", buckets: 200 },
  ]);
  expect(simulate(document, { canary: 500 }, load).moves).toEqual([]);
});

test("predicts what each arm has to do, and keeps the sum", () => {
  const { loads } = simulate(document, { canary: 1_500 }, load);
  expect(loads).toEqual([
    {
      arm: "stable",
      version: "1",
      rowsPerSecond: 900,
      rowsPerSecondAfter: 800,
      costMs: 2,
      busy: 1.8,
      busyAfter: 1.6,
    },
    {
      arm: "canary",
      version: "2",
      rowsPerSecond: 50,
      rowsPerSecondAfter: 150,
      costMs: 4,
      busy: 0.2,
      busyAfter: 0.6,
    },
    {
      arm: "blue",
      version: "3",
      rowsPerSecond: 50,
      rowsPerSecondAfter: 50,
      costMs: Infinity,
      busy: Infinity,
      busyAfter: Infinity,
    },
  ]);
});

test("an arm that nothing holds and nobody needs keeps nothing busy", () => {
  const off = distributionOf({ stable: 10_000, canary: 0 });
  expect(simulate(off, {}, {}).loads[1]).toMatchObject({ costMs: Infinity, busy: 0, busyAfter: 0 });
});

test("under a kill switch nobody moves", () => {
  const { moves, loads } = simulate({ ...document, killSwitch: "stable" }, { canary: 9_000 }, load);
  expect(moves).toEqual([]);
  expect(loads.map((one) => one.rowsPerSecondAfter)).toEqual([900, 50, 50]);
});

test("weights that are none are refused", () => {
  expect(() => simulate(document, { canary: 9_900 }, load)).toThrow("the weights sum to 10400");
  expect(() => simulate(document, { canari: 1 }, load)).toThrow("there is no such arm");
});
