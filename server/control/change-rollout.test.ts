import { join } from "node:path";
import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { advance } from "../../router/rollout/advance.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { change, type Asker, type ChangeRequest } from "./change-rollout.ts";
import type { Ask } from "./ask.ts";
import { firstDocument, openFolder, openRouter, type OpenRouter } from "./router.fixture.ts";
import { maybeDoneTrailer } from "./store-failure.ts";

const ann: Asker = { by: "ann", from: "10.0.0.1", reason: "it looks good", atMs: Date.now() };
const bob: Asker = { by: "bob", from: "10.0.0.2", reason: "it looks bad", atMs: Date.now() };
const hourMs = 3_600_000;

const weight = (canary: number): Ask => ({ verb: "set weight", weights: { canary } });

function ask(
  { control }: OpenRouter,
  what: Ask,
  more: Partial<ChangeRequest & { asker: Asker }> = {},
) {
  const { asker = ann, ...request } = more;
  return change(control, { model: "toy", ask: what, ...request }, asker);
}

const revisionOf = async ({ store }: OpenRouter) =>
  (await store.read("toy"))?.distribution.revision;

test("what is asked for is written, audited, and in force here before it is answered", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  const changed = await ask(router, weight(250));
  expect(changed).toMatchObject({ oldRevision: 1, movedBasisPoints: 750, isRepeat: false });
  expect(router.router.current("toy")).toEqual(changed.rollout.distribution);
  expect(await router.store.read("toy")).toEqual(changed.rollout);
  expect(changed.rollout.changed).toEqual({ ...ann, verb: "set weight", auditId: changed.auditId });
});

test("a model of which nothing is kept begins with its first version", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder, documents: [] });
  await expect(ask(router, weight(250))).rejects.toMatchObject({ code: Code.NOT_FOUND });
  const begun = await ask(router, { verb: "set version", arm: "stable", version: "1" });
  expect(begun).toMatchObject({ oldRevision: 0, rollout: { distribution: { revision: 1 } } });
});

test("what begins from a file has revision 1, whatever the file says, and can be changed", async () => {
  await using folder = await openFolder();
  const documents = [{ ...firstDocument, revision: Number.MAX_SAFE_INTEGER }];
  await using router = await openRouter({ folder, documents });
  expect(await revisionOf(router)).toBe(1);
  expect(await ask(router, weight(250))).toMatchObject({ oldRevision: 1 });
  expect(await revisionOf(router)).toBe(2);
});

test("a dry run says what would be, and changes nothing", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  const dry = await ask(router, weight(250), { isDryRun: true, idempotencyKey: "k" });
  expect(dry).toMatchObject({ oldRevision: 1, auditId: "", movedBasisPoints: 750 });
  expect(await revisionOf(router)).toBe(1);
  await expect(ask(router, weight(20_000), { isDryRun: true })).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
  });
  // Nor does it use up the key.
  expect((await ask(router, weight(400), { idempotencyKey: "k" })).isRepeat).toBe(false);
});

test("what was expected is not there any more: ABORTED with who, when and why", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await ask(router, weight(250), { asker: bob });
  for (const isDryRun of [true, false]) {
    await expect(ask(router, weight(300), { expectRevision: 1, isDryRun })).rejects.toMatchObject({
      code: Code.ABORTED,
      message: expect.stringMatching(
        /at revision 2, expected was 1: "set weight" by bob from 10\.0\.0\.2 at 20.*looks bad/,
      ),
    });
  }
  expect((await ask(router, weight(300), { expectRevision: 2 })).oldRevision).toBe(2);
});

test("of two at once one wins, and the other hears of whom", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  router.store.beforeWrite(() => ask(router, weight(250), { asker: bob }));
  await expect(ask(router, weight(300))).rejects.toMatchObject({
    code: Code.ABORTED,
    message: expect.stringMatching(/expected was 1: "set weight" by bob/),
  });
  expect(router.router.current("toy")!.arms[1]!.weight).toBe(250);
});

/** A step comes by itself, two hours from now. */
async function step({ store }: OpenRouter): Promise<void> {
  const rollout = (await store.read("toy"))!;
  const stepper = { auditId: `a-step-${Math.random()}`, by: "router x", from: "x" };
  const next = advance(
    rollout,
    {
      nowMs: Date.now() + 2 * hourMs,
      dweltMs: 2 * hourMs,
      canary: { isHeld: true },
    },
    stepper,
  )!;
  await store.write(next, rollout.distribution.revision);
}

const steps: Ask = {
  verb: "set steps",
  steps: [
    { weight: 100, dwell: hourMs },
    { weight: 200, dwell: hourMs },
    { weight: 300, dwell: hourMs },
  ],
};

test.each<readonly [string, Ask, number]>([
  ["set weight", weight(700), 700],
  ["abort", { verb: "abort" }, 0],
  ["pause", { verb: "pause" }, 200],
])("%s means the same after a step that came by itself", async (_, what, canary) => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await ask(router, steps);
  router.store.beforeWrite(() => step(router));
  const { oldRevision, rollout } = await ask(router, what);
  expect([oldRevision, rollout.distribution.arms[1]!.weight]).toEqual([3, canary]);
});

test.each<Ask>([{ verb: "promote", full: false }, { verb: "undo" }])(
  "$verb would go one further, and is not tried again",
  async (what) => {
    await using folder = await openFolder();
    await using router = await openRouter({ folder });
    await ask(router, steps);
    router.store.beforeWrite(() => step(router));
    await expect(ask(router, what)).rejects.toMatchObject({
      code: Code.ABORTED,
      message: expect.stringContaining('"advance" by router x'),
    });
    expect(await revisionOf(router)).toBe(3);
  },
);

test("who aborts is in a hurry: whatever came between, it is done", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  router.store.beforeWrite(() => ask(router, weight(5_000), { asker: bob }));
  const { rollout } = await ask(router, { verb: "abort" });
  expect(rollout).toMatchObject({ state: { phase: "aborted" }, distribution: { revision: 3 } });
});

test("what makes no sense after what came between is refused for that", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  router.store.beforeWrite(() => ask(router, { verb: "abort" }, { asker: bob }));
  await expect(ask(router, { verb: "abort" })).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringContaining("already"),
  });
});

test("undo goes back, and back again; to a revision, and not to one that never was", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await expect(ask(router, { verb: "undo" })).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
  });
  await ask(router, weight(250));
  await ask(router, weight(400));
  const weightAfter = async (what: Ask) =>
    (await ask(router, what)).rollout.distribution.arms[1]!.weight;
  expect(await weightAfter({ verb: "undo" })).toBe(250);
  expect(await weightAfter({ verb: "undo" })).toBe(400);
  expect(await weightAfter({ verb: "undo", toRevision: 1 })).toBe(1_000);
  await expect(ask(router, { verb: "undo", toRevision: 99 })).rejects.toMatchObject({
    code: Code.NOT_FOUND,
    message: expect.stringContaining("99"),
  });
});

test("a store that is down is UNAVAILABLE, nothing was changed, and break-glass is named; but a write may have happened", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  router.store.setDown(true);
  await expect(ask(router, weight(1))).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringMatching(/nothing was changed.*rollout break-glass canary=0bp toy/),
    trailers: {},
  });
  router.store.setDown(false);
  router.store.beforeWrite(async () => {
    throw new ServingError("UNAVAILABLE", "no answer within 1 s");
  });
  await expect(ask(router, weight(1))).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining("idempotency key"),
    trailers: { [maybeDoneTrailer]: "true" },
  });
});

test("a store that lost changes takes none until they are adopted", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  for (const canary of [250, 300, 350]) await ask(router, weight(canary));
  const empty = await openFileStore({ dir: join(folder.path, "empty") });
  router.store.become(empty);
  await expect(ask(router, weight(400))).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringMatching(/keeps none, and router-0 has revision 4.*rollout adopt toy/),
  });
  const adopted = await ask(router, { verb: "adopt" });
  expect([adopted.oldRevision, adopted.rollout.distribution.revision]).toEqual([0, 5]);
  expect([adopted.heldRevision, adopted.movedBasisPoints]).toEqual([4, 0]);
  expect(adopted.rollout.distribution.arms[1]!.weight).toBe(350);
  expect((await ask(router, weight(400))).rollout.distribution.revision).toBe(6);
  await expect(ask(router, { verb: "adopt" })).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringContaining("nothing to adopt"),
  });
  await empty.close();
});

test("a store that went back to an older revision likewise; what another router has is adopted", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await ask(router, weight(250));
  const older = await openFileStore({ dir: join(folder.path, "older") });
  const first = (await router.store.history("toy", { limit: 9 })).at(-1)!.rollout;
  await older.write(first, 0);
  const ahead = { ...first, distribution: { ...firstDocument, revision: 9 } };
  const report = {
    revision: 9,
    appliedAtMs: 0,
    observed: { arms: {}, contradictions: 0 },
    load: {},
  };
  await older.report({ router: "router-9", atMs: 0, models: { toy: report } });
  router.store.become(older);
  await expect(ask(router, weight(300))).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringMatching(/at revision 1, and router-9 has revision 9/),
  });
  await expect(ask(router, { verb: "adopt" })).rejects.toMatchObject({
    message: expect.stringMatching(/only router-9 has revision 9/),
  });
  await older.report({
    router: "router-9",
    atMs: 0,
    models: { toy: { ...report, rollout: ahead } },
  });
  const adopted = await ask(router, { verb: "adopt" });
  expect([adopted.oldRevision, adopted.rollout.distribution.revision]).toEqual([1, 10]);
  await older.close();
});

test("what is so already is not written again", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await ask(router, weight(250));
  const again: readonly Ask[] = [
    weight(250),
    { verb: "set kill-switch" },
    { verb: "set version", arm: "canary", version: "2" },
  ];
  for (const what of again)
    expect(await ask(router, what)).toMatchObject({
      oldRevision: 2,
      auditId: "",
      movedBasisPoints: 0,
      rollout: { distribution: { revision: 2 }, changed: { verb: "set weight" } },
    });
  expect(await revisionOf(router)).toBe(2);
  expect(await router.store.history("toy", { limit: 9 })).toHaveLength(2);
});

test("an undo says what is one further back", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  for (const canary of [250, 400]) await ask(router, weight(canary));
  expect((await ask(router, { verb: "undo" })).earlierRevision).toBe(1);
  expect((await ask(router, { verb: "undo" })).earlierRevision).toBe(1);
  expect((await ask(router, { verb: "undo", toRevision: 1 })).earlierRevision).toBe(0);
});
