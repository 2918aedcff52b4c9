import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildDashboard } from "./dashboards/build-dashboard.ts";
import { dashboards } from "./dashboards/dashboards.ts";
import { readDashboards } from "./dashboards.fixture.ts";
import { assertParse, isPromtoolMissing, whyNoPromtool } from "./promtool.ts";
import { alerts } from "./rules.fixture.ts";

const folder = new URL("../../helm/crossfade/files/dashboards/", import.meta.url);

test("the files are what their descriptions make: npx tsx scripts/dashboards.ts writes them", () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(dashboards)
      .map((name) => `${name}.json`)
      .sort(),
  );
  for (const [name, dashboard] of Object.entries(dashboards)) {
    const text = readFileSync(new URL(`${name}.json`, folder), "utf8");
    const written = JSON.parse(text) as unknown;
    expect(written).toEqual(JSON.parse(JSON.stringify(buildDashboard(dashboard))));
  }
});

describe.each(readDashboards())("$title", ({ panels, queries }) => {
  const pictures = panels.filter(({ type }) => type !== "row");

  test("panels have ids of their own, and lie beside each other", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
    }
  });

  test.each(pictures)("$title says what it shows, in which unit", (panel) => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^(reqps|s|short|percentunit|bytes)$/);
    expect(panel.targets?.length).toBeGreaterThan(0);
  });

  test("links lead to sections of alerts that there are", () => {
    const known = alerts.map(({ alert }) => `docs/runbook.md#${alert.toLowerCase()}`);
    for (const { links = [] } of pictures)
      for (const { url } of links) expect(known).toContain(url);
  });

  test.skipIf(isPromtoolMissing)(
    `queries parse${whyNoPromtool}`,
    () => assertParse(queries),
    60_000,
  );
});
