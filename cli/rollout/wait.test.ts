import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toyQuery } from "../../router/puppet-arms.fixture.ts";
import { breakable } from "../../server/control/breakable-store.fixture.ts";
import { openFolder, openRouter } from "../../server/control/router.fixture.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { openScene } from "./cli.fixture.ts";

/** Two routers over one store; the second one's way to it can be cut, and time can pass for the store. */
async function openTwo() {
  const folder = await openFolder();
  let passedMs = 0;
  const nowMs = () => performance.now() + passedMs;
  const kept = await openFileStore({ dir: join(folder.path, "both"), nowMs });
  const scene = await openScene({ folder, store: breakable(kept) });
  const cable = breakable(kept);
  const second = await openRouter({ folder, name: "router-1", store: cable });
  const names = async () => (await kept.reports()).map(({ router }) => router).toSorted();
  await expect.poll(names).toEqual(["router-0", "router-1"]);
  return {
    ...scene,
    second,
    cable,
    kept,
    pass: (ms: number) => void (passedMs += ms),
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
  const running = two.run("set weight 20% -m x --wait=20s");
  const { router } = two.admin;
  await expect.poll(() => router.current("toy")?.revision).toBe(2);
  const users = Array.from({ length: 2_000 }, (_, i) => toyQuery(`u${i}`));
  await router.answer(users);
  two.cable.setDown(false);
  const { code, printed } = await running;
  expect(code).toBe(0);
  const [, share] = /canary ([\d.]+)% of [\d,]+ users \(.*; wanted 20%\)/.exec(printed)!;
  expect(Number(share)).toBeGreaterThan(15);
  expect(Number(share)).toBeLessThan(25);
});

test("--wait with few users says that they are too few", async () => {
  await using two = await openTwo();
  two.cable.setDown(true);
  const running = two.run("set weight 20% -m x --wait=20s");
  const { router } = two.admin;
  await expect.poll(() => router.current("toy")?.revision).toBe(2);
  await router.answer([toyQuery("ann"), toyQuery("bob")]);
  two.cable.setDown(false);
  expect((await running).printed).toMatch(
    /canary \d of 2 users: too few to say whether that is 20%/,
  );
});

test("--wait while the store goes away says that others are not known", async () => {
  await using two = await openTwo();
  two.admin.store.beforeWrite(async () => {
    setImmediate(() => two.admin.store.setDown(true));
  });
  const { code, complained } = await two.run("set weight 20% -m x --wait=500ms");
  expect(code).toBe(1);
  expect(complained).toMatch(
    /the store cannot be reached: other routers are not known|it may have been done/,
  );
});

/** The second router cannot tell what it does, and the store has not heard of it for 45 s. */
async function openSilent() {
  const two = await openTwo();
  two.cable.setDown(true);
  two.pass(45_000);
  await expect
    .poll(async () => (await two.run("get toy")).printed)
    .toMatch(/router-1 .*silent for/);
  return two;
}

test("a router that was cut off stays missing: --wait, status and get say for how long", async () => {
  await using two = await openSilent();
  const { code, printed, complained } = await two.run("abort toy -m burns --wait=300ms");
  expect(code).toBe(1);
  expect(printed).not.toContain("have it");
  expect(printed).not.toContain("has it");
  expect(complained).toMatch(/^router-1 is silent for \d+s, last at revision 1\n$/);
  const status = await two.run("status toy --exit-code");
  expect(status).toMatchObject({ code: 6, printed: expect.stringContaining("router-1 is silent") });
  const { printed: json } = await two.run("get toy -o json");
  const { routers } = JSON.parse(json) as { routers: readonly object[] };
  expect(routers).toEqual([
    expect.objectContaining({ router: "router-0", isSilent: false }),
    expect.objectContaining({ router: "router-1", isSilent: true, revision: "1" }),
  ]);
});

test("it is there again when its way is free", async () => {
  await using two = await openSilent();
  const running = two.run("set weight 5% -m x --wait=20s");
  await expect.poll(() => two.admin.router.current("toy")?.revision).toBe(2);
  two.cable.setDown(false);
  expect(await running).toMatchObject({
    code: 0,
    printed: expect.stringContaining("all 2 routers"),
  });
});

test("who leaves is not missed", async () => {
  await using two = await openTwo();
  await two.second[Symbol.asyncDispose]();
  two.pass(45_000);
  const { code, printed } = await two.run("set weight 5% -m x --wait");
  expect([code, printed]).toEqual([0, expect.stringContaining("the only router has it")]);
});

describe("forget", () => {
  test("one that is dead for good is not missed any more, and the history says who said so", async () => {
    await using two = await openSilent();
    const forgotten = await two.run("forget router-1 -m burnt");
    expect(forgotten).toMatchObject({ code: 0, complained: "" });
    expect(forgotten.printed).toMatch(/^router-1 is forgotten; it was silent for \d+s\n$/);
    const { code, printed } = await two.run("set weight 5% -m x --wait");
    expect([code, printed]).toEqual([0, expect.stringContaining("the only router has it")]);
    expect((await two.run("history toy")).printed).toMatch(
      /forget .*router-1, silent for \d+s: burnt/,
    );
    expect(two.admin.logged.join("")).toMatch(/"router forgotten","router":"router-1".*"burnt"/);
  });

  test("one that lives is refused, and so is one that nobody knows", async () => {
    await using two = await openSilent();
    two.cable.setDown(false);
    await expect.poll(async () => (await two.run("status --exit-code")).code).toBe(0);
    const lives = await two.run("forget router-1 -m x");
    expect(lives).toMatchObject({ code: 1, printed: "" });
    expect(lives.complained).toMatch(
      /FAILED_PRECONDITION: router-1 lives: it was heard of \ds ago/,
    );
    expect((await two.run("forget router-0 -m x")).complained).toContain("router-0 lives");
    expect((await two.run("forget router-7 -m x")).complained).toContain(
      'NOT_FOUND: no router "router-7"; no router is silent',
    );
    expect(await two.run("forget router-1")).toMatchObject({ code: 2 });
    expect(await two.run("forget -m x")).toMatchObject({ code: 2 });
    expect((await two.kept.reports()).map(({ router }) => router)).toContain("router-1");
  });
});
