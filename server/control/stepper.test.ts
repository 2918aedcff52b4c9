import { expect, test } from "vitest";
import type { Distribution } from "../../router/distribution.ts";
import { minutes, stepping, weightsOf } from "../../router/rollout/rollouts.fixture.ts";
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
  const aheadMs: Record<string, number> = {};
  const clock = { nowMs: 0, aheadMs, isUp: true, isBehind: false, isUnreadable: false };
  const log = createLog({ write: () => {} });
  const routers = ["one", "two"].map((router) => {
    const applied: Distribution[] = [];
    const apply = async (one: Distribution) => void applied.push(one);
    const monotonicMs = () => clock.nowMs;
    const held = holdRollouts({ apply }, () => {}, monotonicMs);
    const step = createStepper({
      store,
      held,
      router,
      log,
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
