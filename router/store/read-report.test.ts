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
  const lowered = { arm: "canary", weight: 0, untilMs: 1, by: "ann", reason: "hot" };
  const right = { ...report, models: { toy: { ...toy, lowered } } };
  expect(read(right)).toEqual(right);
  const wrong = [
    { ...toy, revision: "7" },
    { ...toy, revision: 1.5 },
    { ...toy, revision: -1 },
    { ...toy, revision: Number.MAX_SAFE_INTEGER },
    { ...toy, appliedAtMs: 1e300 },
    { ...toy, appliedAtMs: -1 },
    { ...toy, observed: { arms: { stable: { rows: 0.5, users: "" } }, contradictions: 0 } },
    { ...toy, observed: { arms: {}, contradictions: 1e308 } },
    { ...toy, observed: { arms: { "no name": { rows: 1, users: "" } }, contradictions: 0 } },
    { ...toy, load: { stable: { rowsPerSecond: -1 } } },
    { ...toy, load: { stable: { rowsPerSecond: 1, costMs: 1e308 } } },
    { ...toy, lowered: { ...lowered, untilMs: 1e17 } },
    { ...toy, lowered: { ...lowered, weight: 1.5 } },
    { ...toy, lowered: { ...lowered, reason: "x".repeat(100_000) } },
    { ...toy, lowered: { ...lowered, by: { toString: 1 } } },
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
  expect(read({ ...report, models: { "no name": toy } })).toEqual({ ...report, models: {} });
  expect(read({ ...report, models, atMs: 1e17 })).toEqual(nothing);
  expect(readReport("router-0", "{")).toEqual(nothing);
});

test("users whom this build cannot count were not seen", () => {
  for (const users of [Buffer.alloc(8_192).toString("base64"), "////", "A".repeat(1_000_000)]) {
    const { models, ...report } = reportOf("router-0", 7);
    const observed = { arms: { stable: { rows: 3, users } }, contradictions: 0 };
    const seen = read({ ...report, models: { toy: { ...models["toy"]!, observed } } });
    expect(seen.models["toy"]!.observed.arms).toEqual({ stable: { rows: 3, users: "" } });
  }
});

test("a rollout that this build cannot read, or of another model, is left out", () => {
  const { models, ...report } = reportOf("router-0", 7);
  const held = { ...models["toy"]!, rollout: { ...rolloutOf(), format: 2 } };
  expect(read({ ...report, models: { toy: held } })).toEqual(reportOf("router-0", 7));
  const other = { ...held, rollout: rolloutOf({ model: "music" }) };
  expect(read({ ...report, models: { toy: other } })).toEqual(reportOf("router-0", 7));
});
