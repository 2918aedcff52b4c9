import { expect, test } from "vitest";
import { sampleResult, type Sample } from "../sample-result.fixture.ts";
import { judge } from "./judge.ts";
import { junitOf } from "./junit.ts";
import { markdownOf } from "./markdown.ts";
import { parseSlo } from "./parse-slo.ts";
import { verdictJson } from "./verdict-json.ts";
import { verdictLines } from "./verdict-lines.ts";

const text = "p99: 5ms\np99.99: 60ms\narms:\n  'ca<n>|ary': { p50: 10ms }\n";

function outputs(sample: Sample = {}) {
  const parsed = parseSlo(text, "slo.yaml");
  if ("problems" in parsed) throw new Error(parsed.problems.join("\n"));
  const result = sampleResult(sample);
  const verdict = judge(parsed.slo, result);
  return {
    junit: junitOf(verdict, result),
    markdown: markdownOf(verdict, result),
    json: JSON.parse(verdictJson(verdict, result)) as Record<string, unknown>,
    lines: verdictLines(verdict, result),
  };
}

test("JUnit: a case for the run and for each gate; what was not judged is an error", () => {
  expect(outputs().junit).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="crossfade loadtest steady" tests="5" failures="1" errors="2" time="10.000">
  <testsuite name="crossfade loadtest steady" tests="5" failures="1" errors="2" time="10.000" timestamp="2026-11-20T12:00:00">
    <testcase classname="loadtest.steady" name="the run is valid and complete"/>
    <testcase classname="loadtest.steady" name="p99 at most 5.00 ms">
      <failure message="p99 is 10.0 ms, asked for is at most 5.00 ms (slo.yaml:1)">p99 is 10.0 ms, asked for is at most 5.00 ms (slo.yaml:1)</failure>
    </testcase>
    <testcase classname="loadtest.steady" name="p99.99 at most 60.0 ms">
      <error message="p99.99 was not judged: 10,000 calls were answered, p99.99 needs 100,000 (slo.yaml:2)">p99.99 was not judged: 10,000 calls were answered, p99.99 needs 100,000 (slo.yaml:2)</error>
    </testcase>
    <testcase classname="loadtest.steady" name="arm ca&lt;n&gt;|ary: p50 at most 10.0 ms">
      <error message="arm ca&lt;n&gt;|ary: p50 was not judged: no reply said which arm it came from (slo.yaml:4)">arm ca&lt;n&gt;|ary: p50 was not judged: no reply said which arm it came from (slo.yaml:4)</error>
    </testcase>
    <testcase classname="loadtest.steady" name="errors at most 1.00%"/>
  </testsuite>
</testsuites>
`);
});

test("JUnit: an invalid run is an error, and no control character breaks the XML", () => {
  const invalid = [{ rule: "lag", message: `late "\u0000\u001B]]>\uD800"\nvery` }] as const;
  const { junit } = outputs({ invalid });
  expect(junit).toContain(
    `<error message="late &quot;\uFFFD\uFFFD]]&gt;\uFFFD&quot;&#10;very">late &quot;`,
  );
});

test("Markdown: names and messages cannot break out of their cells or become markup", () => {
  const { markdown } = outputs({
    name: "<b>*x*</b> | @team #1",
    ended: { by: "interrupt", because: "see https://example.org/[x](y)\n# not a heading" },
  });
  expect(markdown).toContain(
    "### ⚠️ INVALID: &lt;b&gt;\\*x\\*&lt;/b&gt; \\| @<!-- -->team #<!-- -->1",
  );
  expect(markdown).toContain("- see https:<!-- -->//example.org/\\[x\\](y) # not a heading\n");
  expect(markdown).toContain(
    "| arm ca&lt;n&gt;\\|ary: p50 | at most 10.0 ms | – | ⚠️ not judged | the run is invalid |",
  );
  expect(markdown).toContain("**PARTIAL**");
});

test("JSON: numbers with names, the exit code among them", () => {
  const { json } = outputs({ latencies: [] });
  expect(json).toMatchObject({
    format: 1,
    outcome: "invalid",
    exitCode: 2,
    shares: { errors: null, degraded: null },
    gates: [
      { name: "p99", asked: "at most 5.00 ms", outcome: "invalid", where: "slo.yaml:1" },
      { name: "p99.99" },
      { name: "arm ca<n>|ary: p50", of: "arm ca<n>|ary" },
      { name: "errors" },
    ],
  });
  expect(outputs().json).toMatchObject({
    exitCode: 1,
    latencyMs: { count: 10_000, p50: expect.closeTo(10, 1), "p99.9": expect.closeTo(10, 1) },
    shares: { errors: 0 },
  });
});

test("the terminal: columns stand under each other, and no message steers it", () => {
  const { lines } = outputs({
    codes: { OK: 10_000, UNAVAILABLE: 12 },
    messages: { UNAVAILABLE: "gone\u001B[2J\r\nfor good" },
  });
  expect(lines).toEqual([
    "steady: /crossfade.v1.RecommenderService/Recommend at 127.0.0.1:8500, 1,000/s for 10 s",
    "10,000 calls, 1,000/s of 1,000/s, errors 0%, shed 0%, degraded 0%",
    "",
    "                  p50      p90      p99    p99.9      max",
    "latency       10.0 ms  10.0 ms  10.0 ms  10.0 ms  10.0 ms",
    "service time  10.0 ms  10.0 ms  10.0 ms  10.0 ms  10.0 ms",
    "",
    "status       calls  first message",
    "UNAVAILABLE     12  gone [2J for good",
    "",
    "gate                asked for          found",
    "p99                 at most 5.00 ms  10.0 ms  FAIL",
    "p99.99              at most 60.0 ms  10.0 ms  not judged  10,000 calls were answered, p99.99 needs 100,000",
    "arm ca<n>|ary: p50  at most 10.0 ms        –  not judged  no reply said which arm it came from",
    "errors              at most 1.00%         0%  pass        not in slo.yaml: follows by itself",
    "",
    "FAIL",
  ]);
});

test("the terminal: partial and closed loops are marked", () => {
  const { lines } = outputs({
    about: { loop: "closed" },
    ended: { by: "interrupt", because: "interrupted after 3 s of 10 s" },
  });
  expect(lines[0]).toContain("(closed loop, send-based)");
  expect(lines.some((line) => line.startsWith("service time"))).toBe(false);
  expect(lines.slice(-3)).toEqual([
    "PARTIAL: interrupted after 3 s of 10 s",
    "invalid: interrupted after 3 s of 10 s",
    "INVALID: this run proves nothing",
  ]);
});
