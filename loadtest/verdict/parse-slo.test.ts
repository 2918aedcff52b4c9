import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseSlo } from "./parse-slo.ts";

const all = { kind: "all" };

test("reads every kind of objective, with its unit", () => {
  const text = `# of the playlists service
p50: 800us
p99: 25ms
p99.9: 1.5 s
errors: 0.1%
degraded: 5 %
shed: 0
sustains: 2000/s
arms:
  canary:
    p99: 30ms
    degraded: 1%
backends:
  cpu-qint8: { p99.99: 80ms }
`;
  expect(parseSlo(text, "slo.yaml")).toEqual({
    slo: {
      objectives: [
        { of: all, limit: { measure: "latency", quantile: 0.5, mostMs: 0.8 }, where: "slo.yaml:2" },
        { of: all, limit: { measure: "latency", quantile: 0.99, mostMs: 25 }, where: "slo.yaml:3" },
        {
          of: all,
          limit: { measure: "latency", quantile: 0.999, mostMs: 1_500 },
          where: "slo.yaml:4",
        },
        { of: all, limit: { measure: "errors", most: 0.001 }, where: "slo.yaml:5" },
        { of: all, limit: { measure: "degraded", most: 0.05 }, where: "slo.yaml:6" },
        { of: all, limit: { measure: "shed", most: 0 }, where: "slo.yaml:7" },
        { of: all, limit: { measure: "sustains", perSecond: 2_000 }, where: "slo.yaml:8" },
        {
          of: { kind: "arm", name: "canary" },
          limit: { measure: "latency", quantile: 0.99, mostMs: 30 },
          where: "slo.yaml:11",
        },
        {
          of: { kind: "arm", name: "canary" },
          limit: { measure: "degraded", most: 0.01 },
          where: "slo.yaml:12",
        },
        {
          of: { kind: "backend", name: "cpu-qint8" },
          limit: { measure: "latency", quantile: 0.9999, mostMs: 80 },
          where: "slo.yaml:14",
        },
      ],
    },
  });
});

test("a limit on errors follows where none is written: failing what is slow is no way to pass", () => {
  expect(parseSlo("p99: 25ms", "slo.yaml")).toEqual({
    slo: {
      objectives: [
        { of: all, limit: { measure: "latency", quantile: 0.99, mostMs: 25 }, where: "slo.yaml:1" },
        { of: all, limit: { measure: "errors", most: 0.01 } },
      ],
    },
  });
});

test.each([
  ["eror: 1%", 'slo.yaml:1: "eror" is no objective; did you mean errors?'],
  ["p99: 25ms\np999: 80ms", 'slo.yaml:2: "p999" is no objective; did you mean p99.9?'],
  ["P99: 25ms", 'slo.yaml:1: "P99" is no objective; did you mean p99?'],
  ["p0: 1ms", 'slo.yaml:1: "p0" is no objective; did you mean p50?'],
  ["arm:\n  canary:\n    p99: 1ms", 'slo.yaml:1: "arm" is no objective; did you mean arms?'],
  [
    "throughput: 3/s",
    'slo.yaml:1: "throughput" is no objective; there are p50, p90, p95, p99, p99.9, errors, degraded, shed, sustains, arms, backends',
  ],
  ["p99: 25", 'slo.yaml:1: p99 is "25"; it must be a time with its unit: 25ms, 1.5s, 800us'],
  ["p99: -3ms", 'slo.yaml:1: p99 is "-3ms"; it must be a time with its unit: 25ms, 1.5s, 800us'],
  ["p99: <25ms", 'slo.yaml:1: p99 is "<25ms"; it must be a time with its unit: 25ms, 1.5s, 800us'],
  [
    "p99: [1ms]",
    "slo.yaml:1: p99 is not a single value; it must be a time with its unit: 25ms, 1.5s, 800us",
  ],
  [
    "p99:",
    "slo.yaml:1: p99 is not a single value; it must be a time with its unit: 25ms, 1.5s, 800us",
  ],
  [
    "errors: 0.10",
    'slo.yaml:1: errors is "0.10"; it must be a share with its unit, up to 100%: 0.1%',
  ],
  [
    "errors: 101%",
    'slo.yaml:1: errors is "101%"; it must be a share with its unit, up to 100%: 0.1%',
  ],
  ["sustains: 0/s", 'slo.yaml:1: sustains is "0/s"; it must be a rate with its unit: 2000/s'],
  ["arms: canary", "slo.yaml:1: arms must hold names, each with its objectives"],
  ["arms:\n  canary:", 'slo.yaml:2: arm canary must hold objectives, e.g. "p99: 25ms"'],
  [
    "arms:\n  canary:\n    errors: 1%",
    "slo.yaml:3: errors cannot be told per arm: a call that failed names none",
  ],
  [
    "backends:\n  cpu:\n    sustains: 1/s",
    "slo.yaml:3: sustains is of the whole service, not of one backend",
  ],
  ["backends:\n  cpu:\n    p9O: 1ms", 'slo.yaml:3: "p9O" is no objective; did you mean p90?'],
  ["p99: 1ms\np99: 2ms", "slo.yaml:2: Map keys must be unique"],
  ["p99: 'x", "slo.yaml:1: Missing closing 'quote"],
  ["", 'slo.yaml:1: it must hold objectives, e.g. "p99: 25ms"'],
  ["- p99: 25ms", 'slo.yaml:1: it must hold objectives, e.g. "p99: 25ms"'],
])("refuses %j with its line", (text, problem) => {
  expect(parseSlo(text, "slo.yaml")).toEqual({ problems: [problem] });
});

test("the example of the README is one", async () => {
  const readme = await readFile(new URL("README.md", import.meta.url), "utf8");
  const [, example] = /```yaml\n(.*?)```/s.exec(readme)!;
  expect(parseSlo(example!, "slo.yaml")).toMatchObject({ slo: { objectives: { length: 10 } } });
});

test("quotes change nothing", () => {
  expect(parseSlo(`"p99": '25ms'`, "slo.yaml")).toEqual(parseSlo("p99: 25ms", "slo.yaml"));
});

test("tells every problem at once", () => {
  const text = "p99: 25\nerors: 1%\narms:\n  canary:\n    shed: 1%\n";
  expect(parseSlo(text, "ci/slo.yaml")).toEqual({
    problems: [
      expect.stringContaining("ci/slo.yaml:1: p99 is"),
      expect.stringContaining("ci/slo.yaml:2: "),
      expect.stringContaining("ci/slo.yaml:5: shed cannot be told per arm"),
    ],
  });
});

test("an alias is the value that it stands for", () => {
  const parsed = parseSlo("arms:\n  a: &same { p99: 9ms }\n  b: *same\n", "slo.yaml");
  const limit = { measure: "latency", quantile: 0.99, mostMs: 9 };
  expect(parsed).toMatchObject({
    slo: {
      objectives: [
        { of: { kind: "arm", name: "a" }, limit },
        { of: { kind: "arm", name: "b" }, limit },
        { limit: { measure: "errors" } },
      ],
    },
  });
});
