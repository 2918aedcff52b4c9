import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import type { Ask } from "./ask.ts";
import { change, type Asker } from "./change-rollout.ts";
import { openFolder, openRouter, type OpenRouter } from "./router.fixture.ts";

const ann: Asker = { by: "ann", from: "10.0.0.1", reason: "it looks good", atMs: Date.now() };

const weight = (canary: number): Ask => ({ verb: "set weight", weights: { canary } });
const steps: Ask = { verb: "set steps", steps: [{ weight: 100, dwell: 1_000 * 3_600 }] };

const ask = ({ control }: OpenRouter, what: Ask, more: { readonly isDryRun?: boolean } = {}) =>
  change(control, { model: "toy", ask: what, ...more }, ann);

describe("a version that no server holds", () => {
  const says = "no server holds version 2, by what routers see";

  test("is not promoted unless that is forced", async () => {
    await using folder = await openFolder();
    await using router = await openRouter({ folder, versions: ["1"] });
    const promotions: readonly (Ask & { readonly verb: "promote" })[] = [
      { verb: "promote", full: true },
      { verb: "promote", full: false },
    ];
    await ask(router, steps);
    for (const promotion of promotions)
      for (const isDryRun of [true, false])
        await expect(ask(router, promotion, { isDryRun })).rejects.toMatchObject({
          code: Code.FAILED_PRECONDITION,
          message: `cannot promote toy: ${says}; let servers load it first, or promote with --force`,
        });
    expect((await router.store.read("toy"))?.distribution.revision).toBe(2);
    const forced = await ask(router, { verb: "promote", full: true, force: true });
    expect(forced).toMatchObject({
      rollout: { state: { phase: "promoted" } },
      warnings: [expect.stringContaining(says)],
    });
  });

  test.each<readonly [string, Ask, number]>([
    ["a weight that goes up", weight(2_000), 1],
    ["a weight that goes down", weight(500), 0],
    ["steps", steps, 1],
    ["a kill switch", { verb: "set kill-switch", arm: "canary" }, 1],
    ["a kill switch for the other arm", { verb: "set kill-switch", arm: "stable" }, 0],
  ])("%s: done, with a warning if it gives that users", async (_, what, count) => {
    await using folder = await openFolder();
    await using router = await openRouter({ folder, versions: ["1"] });
    const { warnings, oldRevision } = await ask(router, what);
    expect([oldRevision, warnings.length]).toEqual([1, count]);
    for (const warning of warnings) expect(warning).toContain(says);
  });

  test("is promoted where routers see no server at all: nothing speaks against it", async () => {
    await using folder = await openFolder();
    await using router = await openRouter({ folder, versions: [] });
    const { warnings } = await ask(router, { verb: "promote", full: true });
    expect(warnings).toEqual([expect.stringContaining(says)]);
  });
});
