import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StoreState } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, ServingError } from "../../../proto/serving-error.ts";
import { openFileStore } from "../../../router/store/file/file-store.ts";
import { rolloutOf } from "../../../router/store/rollouts.fixture.ts";
import { openFolder, type Folder } from "../router.fixture.ts";
import { openAdmin, toWeight, type OpenAdmin } from "./admin.fixture.ts";

const hourMs = 3_600_000;

const lower = (more: object = {}) => ({
  model: "toy",
  arm: "canary",
  basisPoints: 100,
  ttlMs: hourMs,
  reason: "it burns",
  ...more,
});

const canaryWeight = ({ control }: OpenAdmin) => control.report().models["toy"]!.lowered?.weight;

test("reads are answered from this router, changes are UNAVAILABLE", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  admin.store.setDown(true);
  expect(await admin.rpc.get({ model: "toy" })).toMatchObject({
    rollout: { revision: 1 },
    routers: [{ router: "router-0", revision: 1 }],
    store: StoreState.DOWN,
  });
  expect((await admin.rpc.list({})).store).toBe(StoreState.DOWN);
  expect((await admin.get("/v1/rollouts/toy")).json.store).toBe("STORE_STATE_DOWN");
  expect((await admin.rpc.explain({ model: "toy", userId: "ann" })).arm).toBe("stable");
  const simulated = await admin.rpc.simulate({ model: "toy", basisPoints: { canary: 0 } });
  expect(simulated.moves).toHaveLength(1);
  for (const call of [
    admin.rpc.change(toWeight(1)),
    admin.rpc.change({ ...toWeight(1), dryRun: true }),
    admin.rpc.history({ model: "toy" }),
  ])
    await expect(call).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect((await admin.post("/v1/rollouts/toy:abort", { reason: "r" })).status).toBe(503);
  admin.store.setDown(false);
  expect((await admin.rpc.change(toWeight(1))).newRevision).toBe(2);
});

test("an arm can be lowered without the store, which hears of it later", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  admin.store.setDown(true);
  const reply = await admin.rpc.lower(lower());
  expect(reply).toMatchObject({
    router: "router-0",
    isNoted: false,
    lowered: { arm: "canary", basisPoints: 100, by: "local", reason: "it burns" },
  });
  expect(canaryWeight(admin)).toBe(100);
  const second = await admin.rpc.lower(lower({ basisPoints: 50 }));
  admin.store.setDown(false);
  const history = () => admin.rpc.history({ model: "toy" });
  const noted = async () =>
    (await history()).entries.map(({ rollout }) => rollout!.changed!.auditId);
  await expect.poll(noted, { timeout: 10_000 }).toContain(second.auditId);
  const { entries, intact } = await history();
  expect([entries.length, intact]).toEqual([3, true]);
  expect(entries[1]).toMatchObject({
    oldRevision: 1,
    rollout: {
      revision: 1,
      changed: {
        auditId: reply.auditId,
        verb: "lower",
        by: "local",
        from: "127.0.0.1",
        reason: expect.stringMatching(/^canary to 100bp on router-0 until 20.*: it burns$/),
      },
    },
  });
});

test("lowering is seen by who looks, explained, and ended by 10,000", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const path = "/v1/rollouts/toy:lowerArm";
  const { model: _, ...body } = lower({ basisPoints: 0 });
  const { status, json } = await admin.post(path, body);
  expect([status, json.isNoted, json.lowered.basisPoints]).toEqual([200, true, 0]);
  const { routers } = await admin.rpc.get({ model: "toy" });
  expect(routers[0]!.lowered).toMatchObject({ arm: "canary", basisPoints: 0, reason: "it burns" });
  const { explanation } = await admin.rpc.explain({ model: "toy", userId: "ann" });
  expect(explanation).toContain("router-0 alone leaves canary 0bp");
  expect(admin.logged.filter((line) => line.includes("arm lowered"))).toEqual([
    expect.stringMatching(/"weight":0,"until":"20\d\d-/),
  ]);
  const ended = await admin.post(path, { arm: "canary", basisPoints: 10_000, reason: "done" });
  expect([ended.status, canaryWeight(admin)]).toEqual([200, undefined]);
  expect(admin.logged.at(-1)).toContain('"arm no longer lowered on this router alone"');
  expect(admin.logged.at(-1)).not.toContain("weight");
  expect(admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

test("a dry run says what would be, and lowers nothing", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const reply = await admin.rpc.lower(lower({ dryRun: true }));
  expect(reply).toMatchObject({
    router: "router-0",
    auditId: "",
    isNoted: false,
    lowered: { arm: "canary", basisPoints: 100 },
  });
  expect(canaryWeight(admin)).toBeUndefined();
  expect((await admin.rpc.history({ model: "toy" })).entries).toHaveLength(1);
});

const wrong: readonly (readonly [what: string, more: object, says: string])[] = [
  ["raising", { basisPoints: 1_001 }, "only be lowered"],
  ["the stable arm", { arm: "stable" }, "stable arm"],
  ["an arm that is not there", { arm: "blue" }, "no arm blue"],
  ["no time", { ttlMs: 0 }, "ttl_ms is 0"],
  ["more than a day", { ttlMs: 24 * hourMs + 1 }, "ttl_ms is 86400001"],
  ["no reason", { reason: "" }, "reason is required"],
  ["less than nothing", { basisPoints: -1 }, "-1"],
];

/** One for all that is refused. */
let folder: Folder;
let admin: OpenAdmin;

beforeAll(async () => {
  folder = await openFolder();
  admin = await openAdmin({ folder });
});

afterAll(async () => {
  await admin[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test.each(wrong)("%s: refused", async (_, more, says) => {
  await expect(admin.rpc.lower(lower(more))).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringContaining(says),
  });
  const dryly = admin.rpc.lower(lower({ ...more, dryRun: true }));
  await expect(dryly).rejects.toMatchObject({ message: expect.stringContaining(says) });
  expect(canaryWeight(admin)).toBeUndefined();
});

test("a rollout that cannot be read hides no other: it is named, and shown as this router holds it", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  await admin.rpc.change(toWeight(250));
  const music = rolloutOf({ model: "music", revision: 3 });
  const why = new ServingError("DATA_LOSS", "the rollout of toy in the store is damaged");
  const unreadable = [{ model: "toy", why }];
  const damaged = await openFileStore({ dir: join(folder.path, "damaged") });
  admin.store.become({
    ...damaged,
    read: () => Promise.reject(why),
    list: async () => ({ rollouts: [music], unreadable }),
  });
  const listed = await admin.rpc.list({});
  expect(listed).toMatchObject({
    rollouts: [{ model: "music" }, { model: "toy", revision: 2 }],
    store: StoreState.OK,
    lost: [],
    unreadable: [{ model: "toy", why: why.message }],
  });
  expect((await admin.get("/v1/rollouts")).json).toMatchObject({
    unreadable: [{ model: "toy", why: why.message }],
  });
  expect(await admin.rpc.get({ model: "toy" })).toMatchObject({
    rollout: { revision: 2 },
    store: StoreState.DOWN,
    unreadable: why.message,
  });
  await expect(admin.rpc.get({ model: "books" })).rejects.toMatchObject({ code: Code.DATA_LOSS });
  await expect(admin.rpc.change(toWeight(1))).rejects.toMatchObject({ code: Code.DATA_LOSS });
});

test("a store that lost changes is BEHIND; what routers hold is shown, and adopted", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  await admin.rpc.change(toWeight(250));
  const empty = await openFileStore({ dir: join(folder.path, "empty") });
  admin.store.become(empty);
  expect(await admin.rpc.get({ model: "toy" })).toMatchObject({
    rollout: { revision: 2 },
    store: StoreState.BEHIND,
  });
  expect(await admin.rpc.list({})).toMatchObject({ store: StoreState.BEHIND, lost: ["toy"] });
  await expect(admin.rpc.change(toWeight(1))).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringContaining("crossfade rollout adopt toy"),
  });
  const adopted = await admin.rpc.change({ change: { $case: "adopt", value: {} } });
  expect(adopted).toMatchObject({
    oldRevision: 0,
    newRevision: 3,
    heldRevision: 2,
    movedBasisPoints: 0,
  });
  expect((await admin.rpc.get({ model: "toy" })).store).toBe(StoreState.OK);
  await empty.close();
});
