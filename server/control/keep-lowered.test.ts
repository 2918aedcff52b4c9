import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lowered } from "../../router/lowered-distribution.ts";
import { change } from "../../router/rollout/rollouts.fixture.ts";
import { firstDocument, openFolder, openRouter, type OpenRouter } from "./router.fixture.ts";

const lowered = (forMs = 3_600_000): Lowered => ({
  arm: "canary",
  weight: 0,
  untilMs: Date.now() + forMs,
  by: "ann",
  reason: "burns",
});

const heldBy = ({ router }: OpenRouter) => router.report()["toy"]?.lowered;

test("what one router lowered outlives its restart, until its end or until somebody ends it", async () => {
  await using folder = await openFolder();
  const order = lowered();
  {
    await using router = await openRouter({ folder });
    await router.control.lower("toy", order);
  }
  {
    await using router = await openRouter({ folder });
    expect(heldBy(router)).toEqual(order);
    await router.control.lower("toy", { ...order, weight: 10_000 });
  }
  {
    await using router = await openRouter({ folder });
    expect(heldBy(router)).toBeUndefined();
    await router.control.lower("toy", lowered(1));
  }
  await using router = await openRouter({ folder });
  expect(heldBy(router)).toBeUndefined();
});

test("what a document ended does not come back with a restart", async () => {
  await using folder = await openFolder();
  {
    await using router = await openRouter({ folder });
    const { control } = router;
    await control.lower("toy", lowered());
    const first = control.rollout("toy")!;
    const none = change(first, { verb: "set weight", weights: { canary: 0 } });
    await control.store.write(none, 1);
    await control.take(none);
    const again = change(none, { verb: "set weight", weights: { canary: 500 } });
    await control.store.write(again, 2);
    await control.take(again);
    expect(heldBy(router)).toBeUndefined();
  }
  await using router = await openRouter({ folder });
  expect(heldBy(router)).toBeUndefined();
});

test("a file that was altered is logged, and the router starts without it", async () => {
  await using folder = await openFolder();
  {
    await using router = await openRouter({ folder });
    await router.control.lower("toy", lowered());
  }
  const path = join(folder.path, "router-0", "lowered.json");
  await writeFile(path, (await readFile(path, "utf8")).replace("burns", "burnt"));
  await using router = await openRouter({ folder, documents: [firstDocument] });
  expect(heldBy(router)).toBeUndefined();
  expect(router.logged.join("\n")).toContain("what was lowered is not known");
});
