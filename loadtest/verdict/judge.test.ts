import { expect, test } from "vitest";
import { sampleResult, shareOf, type Sample } from "../sample-result.fixture.ts";
import { describeGate } from "./describe-gate.ts";
import { judge } from "./judge.ts";
import { parseSlo } from "./parse-slo.ts";
import type { Slo } from "./slo.ts";
import { exitCode } from "./verdict.ts";

function sloOf(text: string): Slo {
  const parsed = parseSlo(text, "slo.yaml");
  if ("problems" in parsed) throw new Error(parsed.problems.join("\n"));
  return parsed.slo;
}

function judged(text: string, sample: Sample = {}) {
  const verdict = judge(sloOf(text), sampleResult(sample));
  return {
    exit: exitCode(verdict),
    reasons: verdict.reasons,
    gates: verdict.gates.map((gate) => {
      const { name, found, outcome, note } = describeGate(gate);
      return [name, found, outcome, ...(gate.why === undefined ? [] : [note])].join(" | ");
    }),
  };
}

const oneToTenThousand = Array.from({ length: 10_000 }, (_, i) => (i + 1) / 100);

test("passes at the limit and fails beyond it", () => {
  const text = "p50: 50ms\np99: 99ms\np99.9: 99ms\nerrors: 0%";
  expect(judged(text, { latencies: oneToTenThousand })).toEqual({
    exit: 1,
    reasons: [],
    gates: [
      "p50 | 50.0 ms | pass",
      "p99 | 99.0 ms | pass",
      "p99.9 | 99.9 ms | fail",
      "errors | 0% | pass",
    ],
  });
});

test("an invalid run is never a pass, nor a fail", () => {
  const invalid = [{ rule: "lag", message: "calls left 9 ms late" }] as const;
  for (const text of ["p99: 60s", "p99: 1ms"]) {
    expect(judged(text, { invalid })).toEqual({
      exit: 2,
      reasons: ["calls left 9 ms late"],
      gates: [
        "p99 | 10.0 ms | invalid | the run is invalid",
        "errors | 0% | invalid | the run is invalid",
      ],
    });
  }
});

test("a partial run is no pass; silence of the target is its failure", () => {
  const ended = { by: "interrupt", because: "interrupted after 3 s of 10 s" } as const;
  expect(judged("p99: 60s", { ended })).toMatchObject({ exit: 2, reasons: [ended.because] });
  const silent = { by: "silence", because: "nothing was answered for 10 s" } as const;
  expect(judged("p99: 60s", { ended: silent })).toMatchObject({
    exit: 1,
    reasons: [silent.because],
  });
});

test("a percentile of too few calls is not judged, whatever it is", () => {
  const latencies = Array.from({ length: 999 }, () => 10);
  for (const p99 of ["p99: 60s", "p99: 1ms"]) {
    expect(judged(`${p99}\np50: 20ms`, { latencies })).toEqual({
      exit: 2,
      reasons: [],
      gates: [
        "p99 | 10.0 ms | invalid | 999 calls were answered, p99 needs 1,000",
        "p50 | 10.0 ms | pass",
        "errors | 0% | pass",
      ],
    });
  }
  expect(judged("p50: 1ms\np99: 60s", { latencies })).toMatchObject({ exit: 1 });
  expect(judged("p99: 60s", { latencies: [...latencies, 10] })).toMatchObject({ exit: 0 });
  expect(judged("p99.99: 60s").gates[0]).toContain("p99.99 needs 100,000");
});

test("nothing answered is no pass", () => {
  expect(judged("p50: 60s", { latencies: [] })).toMatchObject({ exit: 2 });
  const counts = { failed: 50 };
  expect(judged("p50: 60s", { latencies: [], counts }).gates).toEqual([
    "p50 | – | invalid | 0 calls were answered, p50 needs 20",
    "errors | 100% | fail",
  ]);
});

test("errors are calls that did not end OK; shed ones too, unless they have a limit of their own", () => {
  const counts = { due: 10_200, failed: 100, shed: 60, cancelled: 100 };
  const gates = (text: string) => judged(text, { counts }).gates;
  expect(gates("errors: 1%")).toEqual(["errors | 0.99% | pass"]);
  expect(gates("errors: 0.5%")).toEqual(["errors | 0.99% | fail"]);
  expect(gates("errors: 0.5%\nshed: 0.5%")).toEqual([
    "errors | 0.40% | pass",
    "shed | 0.59% | fail",
  ]);
});

test("a batch counts by its results", () => {
  const rows = { OK: 80, RESOURCE_EXHAUSTED: 15, NOT_FOUND: 5 };
  expect(judged("errors: 1%", { rows }).gates).toEqual(["errors | 20.00% | fail"]);
  expect(judged("errors: 6%\nshed: 15%", { rows }).gates).toEqual([
    "errors | 5.00% | pass",
    "shed | 15.00% | pass",
  ]);
});

test("degraded answers are a share of all answers", () => {
  const counts = { answers: 2_000, degraded: 100 };
  expect(judged("degraded: 5%", { counts }).gates[0]).toBe("degraded | 5.00% | pass");
  expect(judged("degraded: 4.9%", { counts }).gates[0]).toBe("degraded | 5.00% | fail");
});

test("arms and backends are judged by their own answers", () => {
  const slow = Array.from({ length: 2_000 }, () => 40);
  const arms = { stable: shareOf(slow.map(() => 8)), canary: shareOf(slow, 30) };
  const backends = { "cpu-qint8": shareOf(slow.slice(0, 100)) };
  const text = `
arms:
  stable: { p99: 10ms }
  canary: { p99: 10ms, degraded: 1% }
  canari: { p50: 1ms }
backends:
  cpu-qint8: { p99: 50ms }
`;
  expect(judged(text, { arms, backends })).toMatchObject({
    exit: 1,
    gates: [
      "arm stable: p99 | 8.00 ms | pass",
      "arm canary: p99 | 40.0 ms | fail",
      "arm canary: degraded | 1.50% | fail",
      "arm canari: p50 | – | invalid | no reply came from arm canari; did you mean canary?",
      "backend cpu-qint8: p99 | 40.0 ms | invalid | 100 calls were answered, p99 needs 1,000",
      "errors | 0% | pass",
    ],
  });
  expect(judged("arms: { __proto__: { p50: 1ms } }").gates[0]).toContain(
    "no reply said which arm it came from",
  );
});

test("a rate is shown by a run that had it and met all else", () => {
  expect(judged("sustains: 1000/s\np99: 20ms").gates).toContain("sustains | 1,000/s | pass");
  expect(judged("sustains: 1000/s\np99: 5ms").gates).toContain("sustains | 1,000/s | fail");
  expect(judged("sustains: 1001/s\np99: 20ms")).toMatchObject({ exit: 2 });
  expect(judged("sustains: 1000/s\np99.99: 20ms")).toMatchObject({ exit: 2 });
  expect(judged("sustains: 10/s\np99: 20ms", { about: { loop: "closed" } })).toMatchObject({
    exit: 2,
  });
});
