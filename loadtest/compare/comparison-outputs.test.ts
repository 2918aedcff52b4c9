import { expect, test } from "vitest";
import { sampleResult } from "../sample-result.fixture.ts";
import type { ComparedRun } from "./comparison.ts";
import { comparisonJson } from "./comparison-json.ts";
import { comparisonLines } from "./comparison-lines.ts";
import { comparisonMarkdown } from "./comparison-markdown.ts";
import { conclude } from "./conclude.ts";
import { formatChange } from "./describe-difference.ts";
import type { Sample } from "./metrics.ts";

const names = { a: "v1 | <stable>", b: "v2\u001B[31m" };

function comparisonOf(rounds: number, b: Partial<Sample>) {
  const usual: Sample = { p50Ms: 6, p99Ms: 20, throughput: 1_000, failedShare: 0 };
  const runs = Array.from({ length: rounds }, (_, round): ComparedRun[] => {
    const spread = 1 + (round % 3) / 50;
    const side = (own: Sample) => ({ ...own, p50Ms: own.p50Ms * spread });
    return [
      { side: "a", round, result: sampleResult(), sample: usual },
      { side: "b", round, result: sampleResult(), sample: side({ ...usual, ...b }) },
    ];
  }).flat();
  return conclude({ names, runs, notes: ["CPU per call of v1 was not measured: no page"] });
}

test("the terminal: every metric with its interval, and the conclusion last", () => {
  expect(comparisonLines(comparisonOf(6, { p99Ms: 25, throughput: 990 }))).toEqual([
    "12 runs in turns; all intervals hold together with 95%",
    "",
    "            a: v1 | <stable>  b: v2 [31m   b / a          interval",
    "p50                  6.00 ms     6.12 ms   +2.0%    −0.9% to +5.0%  no difference seen (one under 2.9% would not be)",
    "p99                  20.0 ms     25.0 ms  +25.0%  +25.0% to +25.0%  worse",
    "throughput           1,000/s       990/s   −1.0%    −1.0% to −1.0%  too small to count (under 2% or 1.00/s)",
    "",
    "note: CPU per call of v1 was not measured: no page",
    "",
    "FAIL: v2 [31m is worse than v1 | <stable>: p99 worse (+25.0%)",
  ]);
});

test("Markdown: names stay inside their cells", () => {
  const markdown = comparisonMarkdown(comparisonOf(5, {}));
  expect(markdown).toContain("### PASS: v2 \\[31m is no worse than v1 \\| &lt;stable&gt;\n");
  expect(markdown).toContain(
    "|  | a: v1 \\| &lt;stable&gt; | b: v2 \\[31m | b / a | interval |  |\n",
  );
});

test("JSON: numbers, and what each run showed", () => {
  const json = JSON.parse(comparisonJson(comparisonOf(4, {}))) as object;
  expect(json).toMatchObject({
    outcome: "invalid",
    exitCode: 2,
    reasons: ["4 rounds were valid, 5 are needed"],
    differences: [],
  });
  expect(JSON.parse(comparisonJson(comparisonOf(5, { p99Ms: 10 })))).toMatchObject({
    exitCode: 0,
    differences: [
      { name: "p50" },
      { name: "p99", unit: "ms", ratio: expect.closeTo(0.5, 9), bIs: "better" },
      {},
    ],
    runs: expect.arrayContaining([expect.objectContaining({ side: "a", round: 0 })]),
  });
});

test("changes read as people say them", () => {
  expect([1, 1.0004, 1.123, 0.9, 2.5, 4, 0.25].map(formatChange)).toEqual([
    "±0.0%",
    "±0.0%",
    "+12.3%",
    "−10.0%",
    "+150.0%",
    "×4.00",
    "×0.250",
  ]);
});
