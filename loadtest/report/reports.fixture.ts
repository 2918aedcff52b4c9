import { conclude } from "../compare/conclude.ts";
import { sampleOf } from "../compare/metrics.ts";
import { firstSides } from "../compare/run-order.ts";
import type { ComparedRun } from "../compare/comparison.ts";
import { samplePlan } from "../engine/sample-plan.fixture.ts";
import type { RunResult } from "../run-result.ts";
import { judgeSearch } from "../search/judge-search.ts";
import { searchRate } from "../search/search-rate.ts";
import { virtualRuns } from "../search/virtual-server.fixture.ts";
import { simulatedResult } from "../simulated-result.fixture.ts";
import { judge } from "../verdict/judge.ts";
import { parseSlo } from "../verdict/parse-slo.ts";
import type { Slo } from "../verdict/slo.ts";
import { renderComparison } from "./render-comparison.ts";
import { renderReport } from "./render-report.ts";
import { renderSearch } from "./render-search.ts";

const slo = sloOf(`
p50: 8ms
p99: 25ms
p99.9: 2s
shed: 3%
errors: 0.1%
arms: { canary: { p99: 30ms } }
backends: { popular: { p99: 900ms } }
`);

export const result = simulatedResult({ seconds: 20, perSecond: 500 });
const interrupted = simulatedResult({ seconds: 20, perSecond: 200, stopAtMs: 11_400 });
export const hostile =
  '</script><img src="https://example.org/x.png" onerror="alert(1)">\u202E{{7*7}}\u0000';

export function reportOf(run: RunResult): string {
  return renderReport(run, judge(slo, run));
}

/** Every kind of page, and every state that it can be in. */
export async function allReports(): Promise<Readonly<Record<string, string>>> {
  const late = "1% of calls left 9.20 ms late or more, where 5 ms is allowed";
  const invalid = { ...result, invalid: [{ rule: "lag", message: late }] } as const;
  const closed = { ...result, about: { ...result.about, loop: "closed" } } as const;
  return {
    run: reportOf(result),
    interrupted: reportOf(interrupted),
    invalid: reportOf(invalid),
    closed: reportOf(closed),
    hostile: reportOf(hostileResult()),
    empty: reportOf(simulatedResult({ seconds: 1, perSecond: 1, stopAtMs: 0 })),
    comparison: renderComparison(
      conclude({ names: { a: "v1.4", b: "v2.0-rc1" }, runs: comparedRuns() }),
    ),
    "hostile comparison": renderComparison(
      conclude({ names: { a: hostile, b: hostile }, runs: [], notes: [hostile] }),
    ),
    search: await searchReport(),
  };
}

/** Names and messages that a server chose to break out of the page. */
function hostileResult(): RunResult {
  const { about, arms, backends } = result;
  return {
    ...result,
    name: hostile,
    about: {
      ...about,
      targets: [hostile],
      method: hostile,
      machine: hostile,
      versions: hostile,
      workload: hostile,
    },
    arms: {
      [hostile]: arms["stable"]!,
      __proto__: arms["canary"]!,
      ["x".repeat(300)]: arms["canary"]!,
    },
    backends: { [hostile]: backends["cpu-fp32"]! },
    codes: { OK: 9, [hostile]: 2 },
    messages: { [hostile]: hostile },
    rows: { [hostile]: 3 },
    warnings: [{ rule: "busy", message: hostile }],
    ended: { by: "silence", because: hostile },
  };
}

function comparedRuns(): ComparedRun[] {
  return firstSides(5, 1).flatMap((first, round) => {
    const sides = first === "a" ? (["a", "b"] as const) : (["b", "a"] as const);
    return sides.map((side) => {
      const slower = side === "a" ? 1 : 1.3;
      const run = simulatedResult({
        seconds: 5,
        perSecond: 300,
        seed: 10 * round + slower,
        slower,
      });
      return { side, round, result: run, sample: sampleOf(run, 80 * slower) };
    });
  });
}

async function searchReport(): Promise<string> {
  const own = sloOf("p99: 50ms\nsustains: 500/s");
  const plan = samplePlan({ kind: "constant", perSecond: 1, forMs: 1 });
  const run = virtualRuns({ serviceMs: () => 2, generatorPerSecond: 450 }, 1);
  const search = await searchRate({ plan, slo: own, run, windowMs: 3_000 });
  return renderSearch({ name: "playlists", search, slo: own, verdict: judgeSearch(own, search) });
}

function sloOf(text: string): Slo {
  const parsed = parseSlo(text, "slo.yaml");
  if ("problems" in parsed) throw new Error(parsed.problems.join("\n"));
  return parsed.slo;
}
