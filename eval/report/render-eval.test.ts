import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../../display/browser.fixture.ts";
import { findChromium } from "../../display/find-chromium.fixture.ts";
import { faintTexts, inaccessible } from "../../display/page-checks.fixture.ts";
import type { EvalResult, PartResult } from "../result.ts";
import type { Estimate } from "../statistics/bootstrap.ts";
import { evalLines } from "./eval-lines.ts";
import { renderEval } from "./render-eval.ts";

const hostile = `<img src=x onerror="alert(1)">"'&\u202E</script>`;
const around = (mean: number): Estimate => ({ mean, low: mean - 0.01, high: mean + 0.01 });
const curve = Array.from({ length: 20 }, (_, at) => `HR@${at + 1}`);
const metrics = [
  { name: "HR@10" },
  { name: "clicks", isLowerBetter: true as const },
  ...curve.map((name) => ({ name, isCurve: true as const })),
];
const hits = curve.map((_, at) => (at + 1) / 25);

function row(who: string, group: string, isBaseline: boolean) {
  const values = [
    around(0.4),
    around(-0.2),
    ...hits.map((one) => around(isBaseline ? one / 4 : one)),
  ];
  return { who, group, isBaseline, users: group === "all" ? 100 : 3, values };
}

const part: PartResult = {
  key: "removed",
  title: `All items ${hostile}`,
  notes: [hostile, "A second sentence."],
  metrics,
  users: 100,
  rows: ["all", "cold users"].flatMap((group) => [
    row(hostile, group, false),
    row("qint8", group, false),
    row("random", group, true),
  ]),
  differences: [
    {
      who: "qint8",
      isBaseline: false,
      group: "all",
      values: metrics.map(() => around(-0.001)),
      overlapAt10: around(0.98),
      sameTop1: around(0.97),
    },
    {
      who: "random",
      isBaseline: true,
      group: "cold users",
      values: metrics.map(() => around(Number.NaN)),
    },
  ],
  seeds: [{ who: hostile, seed: 0, means: metrics.map(() => 0.25) }],
  lists: [{ who: hostile, distinct: 7, coverage: 0.1, logPopularity: 2, gini: 0.9 }],
  ties: [2, 0],
};

const labels = {
  calls: 100,
  failed: { [`UNAVAILABLE: ${hostile}`]: 1 },
  degraded: {},
  coldStart: 3,
  spilled: 0,
  withUnknownIds: 0,
  unknownIds: 0,
  tracks: { known: 1_000, matched: 20, new: 3 },
  versions: { "movies@1": 99 },
  backends: { "cpu-fp32": 99 },
  arms: {},
};
const side = {
  name: hostile,
  target: "127.0.0.1:8500",
  model: "movies",
  version: "",
  family: "sequence",
  variant: "fp32",
  itemCount: 70,
  labels,
};
const valid: EvalResult = {
  format: 1,
  started: "2026-01-31T12:00:00.000Z",
  tookMs: 1_000,
  dataset: { name: "ml-1m", users: 100, allUsers: 6_040, items: 70, notes: ["One note."] },
  protocol: "full",
  seed: 0,
  isAnonymous: true,
  sides: [side, { ...side, name: "qint8" }],
  parts: [part, { ...part, key: "kept", seeds: [], lists: [], differences: [] }],
  standings: [
    {
      part: "all",
      rival: hostile,
      cells: 3,
      above: 2,
      surelyAbove: 1,
      notAbove: [`removed, ${hostile}`],
    },
  ],
  invalid: [],
  warnings: [],
};
const invalid = { ...valid, invalid: [`1 of 100 calls failed: ${hostile}`], warnings: [hostile] };
const gates = [
  { gate: "HR@10>=0.3", who: hostile, value: 0.4, isMet: true },
  { gate: "overlap@10>=0.99", who: "qint8", value: 0.98, isMet: false },
];

const paint = (name: string) => (text: string) => `<${name}>${text}`;
const style = { bold: paint("b"), dim: paint("dim"), careful: paint("careful"), bad: paint("bad") };

test("lines say all: figures with intervals, what is compared, gates, why it is invalid", () => {
  const lines = evalLines(invalid, gates, style);
  const text = lines.join("\n");
  expect(text).toContain("ml-1m, full: 100 of 6,040 users, all of them anonymous, 70 items");
  expect(text).toContain("of 1,023 tracks by name 1,000 known, 20 matched, 3 new");
  expect(text).toMatch(/^HR@10 .*0\.4000 \[0\.3900, 0\.4100\] +0\.4000$/m);
  expect(text).toMatch(/^HR@10 +-0\.0010 +\[-0\.0110, 0\.0090\]$/m);
  expect(text).toMatch(/^overlap@10 +0\.9800/m);
  expect(text).toContain("targets that tied with another, and lost: 2, 0");
  expect(text).toContain(
    `${hostile}: above ${hostile} in 2 of 3 cells, surely in 1; not in removed, ${hostile}`,
  );
  expect(text).toContain("PASS HR@10>=0.3");
  expect(text).toContain("<bad>FAIL overlap@10>=0.99: qint8 has 0.9800");
  expect(lines.at(-1)).toBe("<bad>INVALID: these figures prove nothing");
  expect(text).not.toContain("HR@11");
});

// Where it may not be missing, it is not skipped: the tests then fail for want of it.
const isSkipped = findChromium() === undefined && !process.env["CI"];
const reason = isSkipped ? " (skipped: no Chromium here; npm test says how to get it)" : "";

describe.skipIf(isSkipped)(`the page in a browser${reason}`, () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test("light and dark, narrow and wide, for eyes and for ears, whatever names hold", async () => {
    for (const html of [renderEval(valid, gates), renderEval(invalid, [])]) {
      await using shown = await browser.show(html);
      const { page, faults } = shown;
      for (const width of [400, 700, 1_400]) {
        await page.setViewport({ width, height: 900 });
        const reach = await page.evaluate("document.documentElement.scrollWidth");
        expect(reach, `at ${width} px`).toBe(width);
      }
      for (const value of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        expect(await page.evaluate(faintTexts), value).toEqual([]);
      }
      expect(await page.evaluate(inaccessible)).toEqual([]);
      expect(await page.$$("img, iframe, object, link")).toEqual([]);
      expect(faults).toEqual([]);
    }
  });

  test("the curve shows the shares that were found, where its axis says", async () => {
    await using shown = await browser.show(renderEval(valid, gates));
    const { page } = shown;
    const d = await page.$eval("#removed-curve path.series-0", (path) => path.getAttribute("d")!);
    const heights = Array.from(d.matchAll(/[ML][\d.]+ ([\d.]+)/g), ([, y]) => 1_000 - Number(y));
    expect(heights).toHaveLength(20);
    for (const [at, height] of heights.entries())
      expect(height / heights[19]!).toBeCloseTo(hits[at]! / hits[19]!, 2);
    const labels = await page.$$eval("#removed-curve g text", (all) =>
      all.map((one) => one.textContent),
    );
    expect(labels).toEqual(expect.arrayContaining(["0%", "80%", "k = 1", "k = 20"]));
  });

  async function said(html: string) {
    await using shown = await browser.show(html);
    const texts = (selector: string) =>
      shown.page.$$eval(selector, (all) => all.map(({ textContent }) => textContent));
    return { badge: await texts(".badge"), banner: await texts(".banner strong") };
  }

  test("what must not be missed stands large at the top", async () => {
    expect(await said(renderEval(invalid, gates))).toEqual({
      badge: ["INVALID"],
      banner: ["INVALID: these figures prove nothing", "Be careful with these figures"],
    });
    expect(await said(renderEval(valid, gates))).toEqual({ badge: ["FAIL"], banner: [] });
    expect((await said(renderEval(valid, gates.slice(0, 1)))).badge).toEqual(["PASS"]);
    expect((await said(renderEval(valid, []))).badge).toEqual([]);
  });
});
