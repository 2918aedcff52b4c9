import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isPromtoolMissing, promtool, whyNoPromtool } from "./promtool.ts";
import { alerts, ruleFiles, rules } from "./rules.fixture.ts";

const testFolder = new URL("rules/", import.meta.url);
const testFiles = readdirSync(testFolder);

interface TestFile {
  readonly tests: readonly {
    readonly name: string;
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

const cases = testFiles
  .flatMap((name) => (parse(readFileSync(new URL(name, testFolder), "utf8")) as TestFile).tests)
  .flatMap(({ name, alert_rule_test: checks }) => checks.map((check) => ({ name, ...check })));

describe.skipIf(isPromtoolMissing)(`promtool${whyNoPromtool}`, { timeout: 240_000 }, () => {
  test("finds nothing wrong with the rules", () => promtool("check", "rules", ...ruleFiles));

  test.concurrent.each(testFiles)("every alert fires, and stays silent: %s", (name) =>
    promtool("test", "rules", fileURLToPath(new URL(name, testFolder))),
  );
});

test.each(alerts)("$alert is tested, fired and silent", ({ alert }) => {
  const own = cases.filter(({ alertname }) => alertname === alert);
  for (const { name, exp_alerts: fired } of own)
    expect(name).toMatch(new RegExp(`^${alert} ${fired.length > 0 ? "fires" : "stays silent"}`));
  expect(own.some(({ exp_alerts: fired }) => fired.length > 0)).toBe(true);
  expect(own.some(({ exp_alerts: fired }) => fired.length === 0)).toBe(true);
});

/** Shares, quantiles and distributions say nothing of a few. */
const judgesMany = alerts.filter(({ expr }) => /ratio|share|p95|psi|_rows:|queued_rows/.test(expr));

test.each(judgesMany)("$alert stays silent where there are few", ({ alert, expr }) => {
  const isOfSpace = expr.includes("feedback");
  if (isOfSpace) return;
  const few = cases.filter(({ name }) => name.startsWith(alert) && name.includes("too few"));
  expect(few).not.toEqual([]);
});

test("whoever is woken is told what, how much, and where to read on", () => {
  for (const { alert, labels, annotations } of alerts) {
    expect(["critical", "warning", "info"], alert).toContain(labels?.["severity"]);
    expect(annotations, alert).toMatchObject({
      summary: expect.any(String),
      description: expect.any(String),
      runbook_url: `docs/runbook.md#${alert.toLowerCase()}`,
    });
  }
});

test("rules go by series of other rules only where there are such", () => {
  const recorded = new Set(rules.map(({ record }) => record));
  for (const { expr } of rules)
    for (const [name] of expr.matchAll(/crossfade:\w+(?::\w+)?/g)) expect(recorded).toContain(name);
});
