import { expect, test } from "vitest";
import { readReport } from "./read-report.ts";
import { reportOf, rolloutOf } from "./rollouts.fixture.ts";

const read = (report: unknown) => readReport("router-0", JSON.stringify(report));
const nothing = { router: "router-0", atMs: 0, models: {} };

test("a report comes back as it was sent, what is not known included", () => {
  const report = { ...reportOf("router-0", 7), mood: "good" };
  expect(read(report)).toEqual(report);
  const { models } = report;
  const held = { ...models["toy"]!, rollout: rolloutOf({ revision: 7 }), colour: "red" };
  expect(read({ ...report, models: { toy: held } }).models["toy"]).toEqual(held);
});

test("of what is no report the name is left", () => {
  const { models, ...report } = reportOf("router-0", 7);
  const { toy } = models;
  const wrong = [
    { ...toy, revision: "7" },
    { ...toy, appliedAtMs: null },
    { ...toy, observed: { contradictions: 0 } },
    { ...toy, observed: { arms: { stable: { rows: 1 } }, contradictions: 0 } },
    { ...toy, load: [] },
    { ...toy, load: { stable: {} } },
    { ...toy, lowered: { arm: "canary" } },
    null,
    7,
  ];
  for (const model of wrong) expect(read({ ...report, models: { toy: model } })).toEqual(nothing);
  for (const value of [null, 7, [], { atMs: 1 }, { atMs: 1, models: [] }])
    expect(read(value)).toEqual(nothing);
  expect(readReport("router-0", "{")).toEqual(nothing);
});

test("a rollout that this build cannot read is left out", () => {
  const { models, ...report } = reportOf("router-0", 7);
  const held = { ...models["toy"]!, rollout: { ...rolloutOf(), format: 2 } };
  expect(read({ ...report, models: { toy: held } })).toEqual(reportOf("router-0", 7));
});
