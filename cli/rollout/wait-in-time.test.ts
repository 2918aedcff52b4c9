import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openScene, type Scene } from "./cli.fixture.ts";

/** A router that never gets beyond revision 1. */
async function addStraggler({ admin: { store } }: Scene): Promise<void> {
  const observed = { arms: {}, contradictions: 0 };
  const toy = { revision: 1, appliedAtMs: 0, observed, load: {} };
  await store.report({ router: "router-9", atMs: 0, models: { toy } });
}

test("the time of --wait is up whatever is collected as garbage meanwhile", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await using scene = await openScene();
  await addStraggler(scene);
  const collecting = setInterval(collect, 100);
  const { code, complained } = await scene
    .run("set weight 5% -m x --wait=1s")
    .finally(() => clearInterval(collecting));
  expect([code, complained]).toEqual([1, expect.stringContaining("router-9 has revision 1")]);
});

test("--wait asks now and then when the router tells nobody else", async () => {
  await using scene = await openScene({ maxWatchers: 0 });
  const there = await scene.run("set weight 5% -m x --wait");
  expect(there).toMatchObject({ code: 0, complained: "" });
  expect(there.printed).toContain("the only router has it");
  await addStraggler(scene);
  const behind = await scene.run("set weight 6% -m x --wait=200ms");
  expect(behind.code).toBe(1);
  expect(behind.complained).toContain("router-9 has revision 1");
});
