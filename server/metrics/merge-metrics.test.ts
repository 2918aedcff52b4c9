import { expect, test } from "vitest";
import { RouteReason } from "../../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../../proto/serving-error.ts";
import { distributionOf } from "../../router/distributions.fixture.ts";
import { createMergedMetrics } from "./merge-metrics.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

function answer({ router }: Metrics, rows: number): void {
  const outcome = { model: "toy", code: Code.OK, rows, ms: 2 };
  router.answered({ ...outcome, arm: "stable", reason: RouteReason.BUCKET });
}

const at = (revision: number) => distributionOf({ stable: 10_000 }, { revision });

/** As it comes from another process: a copy. */
const copyOf = async (metrics: Metrics) => structuredClone(await metrics.snapshot());

/** Two processes, of which the second is a revision behind. */
function openScene() {
  const [first, second] = [createMetrics(), createMetrics()];
  first.router.applied(at(4));
  second.router.applied(at(3));
  answer(first, 10);
  answer(second, 5);
  const merged = createMergedMetrics();
  async function render(...alive: readonly (readonly [number, Metrics])[]): Promise<string> {
    const asked = alive.map(async ([id, metrics]) => [id, await copyOf(metrics)] as const);
    return merged.render(new Map(await Promise.all(asked)));
  }
  return { first, second, merged, render };
}

const rows = 'crossfade_router_rows_total{model="toy",arm="stable",reason="bucket",code="OK"}';

test("counts are sums; a revision is that of the slowest", async () => {
  const { first, second, render } = openScene();
  const page = await render([1, first], [2, second]);
  expect(page).toContain(`${rows} 15\n`);
  expect(page).toContain('crossfade_router_arm_seconds_count{model="toy",arm="stable"} 2\n');
  expect(page).toContain('crossfade_router_revision{model="toy"} 3\n');
  expect(page).toContain('crossfade_router_weight_basis_points{model="toy",arm="stable"} 10000\n');
});

test("counts never go back: what a process had shown stays when it is gone, and counts once", async () => {
  const { first, second, merged, render } = openScene();
  await render([1, first], [2, second]);
  answer(second, 100);
  await merged.retire(2);
  answer(first, 1);
  // It was asked before it went.
  expect(await render([1, first], [2, second])).toContain(`${rows} 16\n`);
  const third = createMetrics();
  answer(third, 4);
  const page = await render([1, first], [3, third]);
  expect(page).toContain(`${rows} 20\n`);
  expect(page).toContain('crossfade_router_revision{model="toy"} 4\n');
  await merged.retire(3);
  expect(await render([1, first])).toContain(`${rows} 20\n`);
});
