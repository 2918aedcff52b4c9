import { expect, test } from "vitest";
import { distributionOf } from "../distributions.fixture.ts";
import { heldVersions } from "./held-versions.ts";
import type { ArmLoad, RouterReport } from "./router-report.ts";

const document = distributionOf({ stable: 9_000, canary: 1_000 }, { revision: 7 });
const held: ArmLoad = { rowsPerSecond: 0, costMs: 1 };
const unheld: ArmLoad = { rowsPerSecond: 0 };

function reportOf(load: Readonly<Record<string, ArmLoad>>, revision = 7): RouterReport {
  const observed = { arms: {}, contradictions: 0 };
  return {
    router: "one",
    atMs: 0,
    models: { toy: { revision, appliedAtMs: 0, observed, load } },
  };
}

test("a version is held when any router sees it, and by nobody when none of them does", () => {
  const [one, other] = [
    reportOf({ stable: held, canary: unheld }),
    reportOf({ stable: unheld, canary: unheld }),
  ];
  const expected = new Map([
    ["1", true],
    ["2", false],
  ]);
  expect(heldVersions([one, other], document)).toEqual(expected);
  expect(heldVersions([other, one], document)).toEqual(expected);
});

test("who goes by another revision, or knows nothing of the model or the arm, says nothing", () => {
  const silent = [
    reportOf({ stable: held, canary: held }, 6),
    reportOf({}),
    { router: "two", atMs: 0, models: {} },
  ];
  expect(heldVersions(silent, document)).toEqual(new Map());
});
