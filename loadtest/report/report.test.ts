import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatMs } from "../../display/figures.ts";
import { openBrowser } from "../../display/browser.fixture.ts";
import { findChromium } from "../../display/find-chromium.fixture.ts";
import { faintTexts, inaccessible } from "../../display/page-checks.fixture.ts";
import { allReports, hostile, reportOf, result } from "./reports.fixture.ts";

// Where it may not be missing, it is not skipped: the tests then fail for want of it.
const isSkipped = findChromium() === undefined && !process.env["CI"];
const reason = isSkipped ? " (skipped: no Chromium here; npm test says how to get it)" : "";

describe.skipIf(isSkipped)(`reports in a browser${reason}`, () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let reports: Awaited<ReturnType<typeof allReports>>;
  /** The report of a run; of the others, tests open their own. */
  let page: Page;
  beforeAll(async () => {
    [browser, reports] = await Promise.all([openBrowser(), allReports()]);
    ({ page } = await browser.show(reports["run"]!));
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test("every report renders in light and dark, narrow and wide, for eyes and for ears", async () => {
    for (const [name, html] of Object.entries(reports)) {
      await using shown = await browser.show(html);
      const { page, faults } = shown;
      for (const width of [400, 700, 1_400]) {
        await page.setViewport({ width, height: 900 });
        const reach = await page.evaluate("document.documentElement.scrollWidth");
        expect(reach, `${name} at ${width} px`).toBe(width);
      }
      for (const value of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        expect(await page.evaluate(faintTexts), `${name}, ${value}`).toEqual([]);
      }
      expect(await page.evaluate(inaccessible), name).toEqual([]);
      expect(faults, `errors and requests of ${name}`).toEqual([]);
    }
  });

  test("the dark theme is dark", async () => {
    const papers = [
      ["dark", "rgb(21, 21, 22)"],
      ["light", "rgb(252, 252, 250)"],
    ] as const;
    for (const [value, paper] of papers) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(paper);
    }
  });

  test("the percentile plot shows the latencies of the run where its axes say", async () => {
    const line = await readLine(page, "#percentiles path.latency");
    const { x, y } = await readAxes(page, "#percentiles");
    for (const quantile of [0.5, 0.9, 0.999]) {
      const at = x.get(`p${Number((100 * quantile).toPrecision(4))}`)!;
      const shownMs = y(heightAt(line, at));
      expect(shownMs / result.latency.at(quantile)).toBeGreaterThan(0.94);
      expect(shownMs / result.latency.at(quantile)).toBeLessThan(1.06);
    }
  });

  test("plots over time show each second", async () => {
    const boxes = await page.$eval("#throughput path.ok", (path) => path.getAttribute("d")!);
    const heights = Array.from(boxes.matchAll(/v([\d.]+)/g), ([, height]) => Number(height));
    expect(heights).toHaveLength(result.seconds.length);
    const most = Math.max(...result.seconds.map(({ ok }) => ok));
    for (const [at, { ok }] of result.seconds.entries()) {
      expect(heights[at]! / Math.max(...heights)).toBeCloseTo(ok / most, 2);
    }
    const median = await readLine(page, "#heat-map path.p50");
    const { y } = await readAxes(page, "#heat-map");
    for (const [at, { latency }] of result.seconds.entries()) {
      expect(y(median[at]![1]) / latency.at(0.5)).toBeCloseTo(1, 1);
    }
  });

  test("the pointer finds the figures of where it is", async () => {
    await pointAt(page, "#heat-map", 3.5 / result.seconds.length);
    const third = result.seconds[3]!.latency;
    expect(await tipOf(page)).toContain(`3 s – 4 s`);
    expect(await tipOf(page)).toContain(`p99${formatMs(third.at(0.99))}`);
    await pointAt(page, "#percentiles", 1);
    expect(await tipOf(page)).toContain(`latency${formatMs(result.latency.maxMs)}`);
  });

  test("names and messages are shown as they are, and are never markup", async () => {
    await using shown = await browser.show(reports["hostile"]!);
    const { page } = shown;
    expect(await page.$$("img, iframe, object, link, a[href]")).toEqual([]);
    expect(await page.$$eval("script", (all) => all.length)).toBe(3);
    const visible = hostile.replaceAll(/[\u202E\0]/g, "\uFFFD");
    expect(await page.$eval("h1", ({ textContent }) => textContent)).toBe(visible);
    expect(await page.$eval("#endings", ({ textContent }) => textContent)).toContain(visible);
    await pointAt(page, "#arm-percentiles", 0.5);
    expect(await tipOf(page)).toContain(hostile.slice(0, 40));
    expect(shown.faults).toEqual([]);
  });

  /** Large sentences that are seen without scrolling. */
  async function bannersOf(name: string): Promise<readonly (string | null)[]> {
    await using shown = await browser.show(reports[name]!);
    const isSeen = "document.querySelector('.banner').getBoundingClientRect().bottom < innerHeight";
    expect(await shown.page.evaluate(isSeen)).toBe(true);
    return await shown.page.$$eval(".banner strong", (all) =>
      all.map(({ textContent }) => textContent),
    );
  }

  test("what must not be missed stands large at the top", async () => {
    expect(await bannersOf("invalid")).toEqual(["INVALID: this run proves nothing"]);
    expect(await bannersOf("interrupted")).toEqual([
      expect.stringContaining("INVALID"),
      "PARTIAL: told to",
    ]);
    expect(await bannersOf("closed")).toContain("Closed loop, send-based");
    expect(await bannersOf("search")).toEqual(["The generator's limit, not the target's"]);
    expect(await bannersOf("hostile comparison")).toEqual([
      "INVALID: this comparison proves nothing",
    ]);
  });

  test("on paper it is light, without what has to be unfolded or pointed at", async () => {
    await using shown = await browser.show(reports["run"]!, { theme: "dark" });
    await shown.page.emulateMediaType("print");
    expect(await shown.page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await shown.page.$$eval("details, .tip", (all) => all.length)).toBeGreaterThan(0);
    const isHidden =
      "[...document.querySelectorAll('details, .tip')].every((one) => !one.checkVisibility())";
    expect(await shown.page.evaluate(isHidden)).toBe(true);
  });
});

test("a run of an hour is a page of less than half a megabyte", () => {
  const seconds = Array.from(
    { length: 3_600 },
    (_, at) => result.seconds[at % result.seconds.length]!,
  );
  expect(reportOf({ ...result, seconds, tookMs: 3_600_000 }).length).toBeLessThan(500_000);
});

type Point = readonly [x: number, y: number];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Of a line in its square: shares of the axes, from the left and from the bottom. */
async function readLine(page: Page, selector: string): Promise<Point[]> {
  const d = await page.$eval(selector, (path) => path.getAttribute("d")!);
  return Array.from(d.matchAll(/[ML]([\d.]+) ([\d.]+)/g), ([, x, y]) => [
    Number(x) / 1_000,
    1 - Number(y) / 1_000,
  ]);
}

function heightAt(line: readonly Point[], at: number): number {
  const right = line.findIndex(([x]) => x >= at);
  const [[x0, y0], [x1, y1]] = [line[Math.max(0, right - 1)]!, line[right]!];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}

/** What a reader takes from the labels: where percentiles stand, and the time at a height of the plot. */
async function readAxes(page: Page, selector: string) {
  const box = await boxOf(page, selector);
  const texts = await page.$$(`${selector} g[aria-hidden] text`);
  const labels = await Promise.all(
    texts.map(async (text) => {
      const { x, y, width, height } = (await text.boundingBox())!;
      const content = await text.evaluate(({ textContent }) => textContent ?? "");
      return { text: content, x: x + width / 2, y: y + height / 2 };
    }),
  );
  const x = new Map(labels.map((label) => [label.text, (label.x - box.x) / box.width]));
  const times = labels
    .filter((label) => label.y < box.y + box.height + 3)
    .flatMap(({ text, y }) => {
      const [, amount, unit] = /^([\d.]+) (ms|s)$/.exec(text) ?? [];
      const log = Math.log(Number(amount) * (unit === "s" ? 1_000 : 1));
      return amount === undefined ? [] : [{ log, share: 1 - (y - box.y) / box.height }];
    });
  const [low, high] = [times[0]!, times.at(-1)!];
  const slope = (high.log - low.log) / (high.share - low.share);
  return { x, y: (share: number) => Math.exp(low.log + slope * (share - low.share)) };
}

/** Of what is within the axes of a plot. */
async function boxOf(page: Page, selector: string): Promise<Box> {
  const { x, y, width } = (await (await page.$(selector))!.boundingBox())!;
  const cross = (end: "y1" | "y2") =>
    page.$eval(`${selector} .cross`, (line, end) => Number(line.getAttribute(end)), end);
  const [top, bottom] = [await cross("y1"), await cross("y2")];
  return { x, y: y + top, width, height: bottom - top };
}

async function pointAt(page: Page, selector: string, share: number): Promise<void> {
  await (await page.$(selector))!.scrollIntoView();
  const { x, y, width } = await boxOf(page, selector);
  await page.mouse.move(x + share * (width - 1), y + 20);
}

async function tipOf(page: Page): Promise<string> {
  return page.$eval(".tip[style*='visible']", ({ textContent }) => textContent ?? "");
}
