import { join } from "node:path";
import { expect, test } from "vitest";
import { toyQuery } from "../../router/puppet-arms.fixture.ts";
import { breakable } from "../../server/control/breakable-store.fixture.ts";
import { openFolder, openRouter } from "../../server/control/router.fixture.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { openScene } from "./cli.fixture.ts";

/** Two routers over one store; the second one's way to it can be cut. */
async function openTwo() {
  const folder = await openFolder();
  const kept = await openFileStore({ dir: join(folder.path, "both") });
  const scene = await openScene({ folder, store: breakable(kept) });
  const cable = breakable(kept);
  const second = await openRouter({ folder, name: "router-1", store: cable });
  const names = async () => (await kept.reports()).map(({ router }) => router).toSorted();
  await expect.poll(names).toEqual(["router-0", "router-1"]);
  return {
    ...scene,
    second,
    cable,
    async [Symbol.asyncDispose]() {
      await second[Symbol.asyncDispose]();
      await scene[Symbol.asyncDispose]();
      await kept.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("--wait returns when every router has the revision", async () => {
  await using two = await openTwo();
  const { code, printed } = await two.run("set weight 5% -m x --wait");
  expect(code).toBe(0);
  expect(printed).toContain("all 2 routers have it, and nothing contradicts it\n");
  expect(printed).toContain("users seen: none yet\n");
  expect(two.second.router.current("toy")!.revision).toBe(2);
});

test("--wait names the router that does not get it, and exits with 1", async () => {
  await using two = await openTwo();
  two.cable.setDown(true);
  const { code, printed, complained } = await two.run("set weight 5% -m x --wait=500ms");
  expect(code).toBe(1);
  expect(printed).toContain("toy   revision 1 -> 2");
  expect(printed).not.toContain("contradicts");
  expect(complained).toMatch(/^router-1 has revision 1, not 2 \(it reported \d+s ago\)\n$/);
  const json = await two.run("set weight 6% -m x --wait=300ms -o json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.printed)).toMatchObject({
    newRevision: "3",
    waited: { isThere: false, missing: [expect.stringMatching(/^router-1 has revision 1, not 3/)] },
  });
});

test("--wait says how the users that were seen meanwhile are spread", async () => {
  await using two = await openTwo();
  two.cable.setDown(true);
  const running = two.run("set weight 10% -m x --wait=20s");
  const { router } = two.admin;
  await expect.poll(() => router.current("toy")?.revision).toBe(2);
  const users = Array.from({ length: 2_000 }, (_, i) => toyQuery(`u${i}`));
  await router.answer(users);
  two.cable.setDown(false);
  const { code, printed } = await running;
  expect(code).toBe(0);
  const [, share] = /canary ([\d.]+)% of [\d,]+ users \(.*; wanted 10%\)/.exec(printed)!;
  expect(Number(share)).toBeGreaterThan(7);
  expect(Number(share)).toBeLessThan(13);
});

test("--wait with few users says that they are too few", async () => {
  await using two = await openTwo();
  two.cable.setDown(true);
  const running = two.run("set weight 10% -m x --wait=20s");
  const { router } = two.admin;
  await expect.poll(() => router.current("toy")?.revision).toBe(2);
  await router.answer([toyQuery("ann"), toyQuery("bob")]);
  two.cable.setDown(false);
  expect((await running).printed).toMatch(
    /canary \d of 2 users: too few to say whether that is 10%/,
  );
});

test("--wait while the store goes away says that others are not known", async () => {
  await using two = await openTwo();
  two.admin.store.beforeWrite(async () => {
    setImmediate(() => two.admin.store.setDown(true));
  });
  const { code, complained } = await two.run("set weight 10% -m x --wait=500ms");
  expect(code).toBe(1);
  expect(complained).toMatch(
    /the store cannot be reached: other routers are not known|it may have been done/,
  );
});
