import { expect, test } from "vitest";
import type { Distribution } from "../../router/distribution.ts";
import { minutes, stepping, weightsOf } from "../../router/rollout/rollouts.fixture.ts";
import type { RouterReport } from "../../router/observe/router-report.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { scratchFolder } from "../../router/store/scratch-folder.fixture.ts";
import { createLog } from "../log/log.ts";
import { holdRollouts } from "./held-rollouts.ts";
import { createStepper } from "./stepper.ts";

/** Two routers of one store, at the same step. */
async function openScene(steps: string) {
  const folder = await scratchFolder();
  const store = await openFileStore({ dir: folder.path });
  const begun = stepping(steps);
  await store.write(begun, 0);
  const seen: { costMs?: number } = { costMs: 1 };
  const clock = {
    nowMs: 0,
    aheadMs: {} as Record<string, number>,
    isUp: true,
    isBehind: false,
    isUnreadable: false,
  };
  const now = () => clock.nowMs;
  const logged: string[] = [];
  const log = createLog({ write: (line) => void logged.push(line), isPretty: false });
  const routers = ["one", "two"].map((router) => {
    const applied: Distribution[] = [];
    const apply = async (one: Distribution) => void applied.push(one);
    const held = holdRollouts({ apply }, () => {}, now);
    const step = createStepper({
      store,
      held,
      router,
      log,
      reports: async () => [reportOf(held.of("toy")!, seen)],
      nowMs: () => clock.nowMs + (clock.aheadMs[router] ?? 0),
      followed: {
        isUp: () => clock.isUp,
        isBehind: () => clock.isBehind,
        isUnreadable: () => clock.isUnreadable,
      },
    });
    return { held, step, applied };
  });
  const tell = (rollout: Rollout) => Promise.all(routers.map(({ held }) => held.take(rollout)));
  await tell(begun);
  return {
    store,
    clock,
    seen,
    logged,
    first: begun.distribution.revision,
    step: () => Promise.all(routers.map(({ step }) => step())),
    kept: async () => (await store.read("toy"))!,
    tell,
    async [Symbol.asyncDispose]() {
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Of a router that goes by it. */
function reportOf(
  { distribution: { revision } }: Rollout,
  seen: { readonly costMs?: number },
): RouterReport {
  const observed = { arms: {}, contradictions: 0 };
  const load = { stable: { rowsPerSecond: 1, costMs: 1 }, canary: { rowsPerSecond: 1, ...seen } };
  return { router: "one", atMs: 0, models: { toy: { revision, appliedAtMs: 0, observed, load } } };
}

test("each step has its time; of two routers one takes it, and is named", async () => {
  await using scene = await openScene("100bp 10m, 500bp 30m, 2000bp pause");
  const { clock, step, kept, tell, store, first } = scene;
  clock.nowMs = 10 * minutes - 1;
  await step();
  expect((await kept()).distribution.revision).toBe(first);
  clock.nowMs = 10 * minutes;
  await step();
  const second = await kept();
  expect(second.distribution.revision).toBe(first + 1);
  expect(weightsOf(second)).toMatchObject({ canary: 500 });
  expect(second.changed.by).toMatch(/^router (one|two)$/);
  await tell(second);
  clock.nowMs = 40 * minutes;
  await step();
  await tell(await kept());
  clock.nowMs = 4_000 * minutes;
  await step();
  expect(await kept()).toMatchObject({
    distribution: { revision: first + 2 },
    state: { phase: "paused" },
  });
  expect(await store.history("toy", { limit: 10 })).toHaveLength(3);
});

test("nothing goes on while the store is down, lost what routers hold, or cannot be read", async () => {
  await using scene = await openScene("100bp 10m, 500bp 30m");
  const { clock, step, kept, first } = scene;
  clock.nowMs = 10 * minutes;
  clock.isUp = false;
  await step();
  clock.isUp = true;
  clock.isBehind = true;
  await step();
  clock.isBehind = false;
  clock.isUnreadable = true;
  await step();
  expect((await kept()).distribution.revision).toBe(first);
  clock.isUnreadable = false;
  await step();
  expect((await kept()).distribution.revision).toBe(first + 1);
});

test("nothing goes on while no server holds the canary's version; that is logged once", async () => {
  await using scene = await openScene("100bp 10m, 500bp 30m");
  const { clock, step, kept, first, seen, logged } = scene;
  delete seen.costMs;
  clock.nowMs = 1e9;
  await step();
  await step();
  expect((await kept()).distribution.revision).toBe(first);
  const told = logged.filter((line) => line.includes("rollout stands still"));
  expect(told).toHaveLength(2);
  expect(told[0]).toContain("no server holds version 2");
  seen.costMs = 1;
  await step();
  expect(weightsOf(await kept())).toMatchObject({ canary: 500 });
});

test("a router whose clock is wrong neither takes steps early nor makes others take them", async () => {
  await using scene = await openScene("100bp 10m, 500bp 30m, 10000bp 10m");
  const { clock, step, kept, tell, first } = scene;
  clock.aheadMs["two"] = 60 * minutes;
  await step();
  clock.nowMs = 10 * minutes - 1;
  await step();
  expect((await kept()).distribution.revision).toBe(first);
  clock.nowMs = 10 * minutes;
  await step();
  await tell(await kept());
  clock.aheadMs = { two: -60 * minutes };
  clock.nowMs = 40 * minutes - 1;
  await step();
  expect((await kept()).distribution.revision).toBe(first + 1);
  clock.nowMs = 40 * minutes;
  await step();
  expect((await kept()).distribution.revision).toBe(first + 2);
});
