import { expect, test } from "vitest";
import type { ModelReport } from "../../router/observe/router-report.ts";
import { addSeen, joinReports } from "./join-reports.ts";

function report(revision: number, rows: number): ModelReport {
  return {
    revision,
    appliedAtMs: revision * 100,
    observed: { arms: { stable: { rows, users: "" } }, contradictions: 1 },
    load: { stable: { rowsPerSecond: rows, costMs: 2 } },
  };
}

test("workers that agree are summed", () => {
  const joined = joinReports([report(3, 10), report(3, 5)], undefined);
  expect(joined).toMatchObject({
    revision: 3,
    appliedAtMs: 300,
    observed: { arms: { stable: { rows: 15 } }, contradictions: 2 },
    load: { stable: { rowsPerSecond: 15, costMs: 2 } },
  });
});

test("the slowest of them says how far they are, and what is seen is of that revision", () => {
  const joined = joinReports([report(4, 10), report(3, 5)], undefined);
  expect(joined).toMatchObject({ revision: 3, observed: { arms: { stable: { rows: 5 } } } });
});

test("what a worker that is gone saw counts for as long as its revision holds", () => {
  const gone = addSeen(addSeen(undefined, report(3, 7)), report(3, 1));
  expect(joinReports([report(3, 5)], gone).observed.arms["stable"]?.rows).toBe(13);
  expect(joinReports([report(4, 5)], gone).observed.arms["stable"]?.rows).toBe(5);
  expect(addSeen(gone, report(4, 2)).revision).toBe(4);
  expect(addSeen(gone, report(2, 2)).observed.arms["stable"]?.rows).toBe(8);
});
