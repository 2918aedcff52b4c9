import { expect, test } from "vitest";
import type { ControlFigures, ModelFigures } from "./control-metrics.ts";
import { createMetrics } from "./metrics.ts";

const canary: ModelFigures = {
  model: "music",
  storeRevision: 7,
  storeWeights: new Map([
    ["stable", 9_000],
    ["canary", 1_000],
  ]),
  phase: "stepping",
  arms: [
    { arm: "stable", version: "1", isHeld: true },
    { arm: "canary", version: "2", isHeld: false },
  ],
  contradictions: 0,
  shares: new Map([["stable", 1]]),
  lowered: new Map(),
};

async function linesOf(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  // The figures of one turn are looked up once.
  await new Promise((resolve) => setImmediate(resolve));
  return (await metrics.render())
    .split("\n")
    .filter((line) => /^crossfade_(store|rollout)_/.test(line));
}

test("desired, applied and observed are told apart, and what nobody holds is 0", async () => {
  const metrics = createMetrics();
  let looked = 0;
  let figures: ControlFigures = { isStoreUp: true, readMs: 5_000, models: [canary] };
  metrics.control.show(() => (looked++, figures));
  expect(await linesOf(metrics)).toEqual([
    "crossfade_store_up 1",
    'crossfade_store_read_timestamp_seconds{store="control"} 5',
    'crossfade_store_revision{model="music"} 7',
    'crossfade_rollout_phase{model="music",phase="stepping"} 1',
    'crossfade_rollout_contradictions{model="music"} 0',
    'crossfade_store_weight_basis_points{model="music",arm="stable"} 9000',
    'crossfade_store_weight_basis_points{model="music",arm="canary"} 1000',
    'crossfade_rollout_arm_info{model="music",arm="stable",version="1"} 1',
    'crossfade_rollout_arm_info{model="music",arm="canary",version="2"} 1',
    'crossfade_rollout_arm_held{model="music",arm="stable"} 1',
    'crossfade_rollout_arm_held{model="music",arm="canary"} 0',
    'crossfade_rollout_observed_share{model="music",arm="stable"} 1',
  ]);
  expect(looked).toBe(1);
  const [stable] = canary.arms;
  const promoted = { ...canary, phase: "promoted", arms: [stable!], storeWeights: new Map() };
  figures = { isStoreUp: false, readMs: undefined, models: [promoted] };
  const after = await linesOf(metrics);
  expect(after).toContain("crossfade_store_up 0");
  expect(after.filter((line) => /stepping|canary/.test(line))).toEqual([]);
});
