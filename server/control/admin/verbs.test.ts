import { expect, test } from "vitest";
import { Phase, StoreState } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code } from "../../../proto/serving-error.ts";
import { reweigh } from "../../../router/reweigh.ts";
import { firstDocument, openFolder } from "../router.fixture.ts";
import { openAdmin, toWeight, type OpenAdmin } from "./admin.fixture.ts";

const hourMs = 3_600_000;
const path = "/v1/rollouts/toy";

/** Each way to change a rollout, by its name in JSON, one after the other. */
const verbs: readonly (readonly [name: string, body: object, after: object])[] = [
  ["setWeights", { basisPoints: { canary: 250 } }, { phase: Phase.STEADY, canary: 250 }],
  [
    "setSteps",
    {
      steps: [
        { basisPoints: 100, dwellMs: hourMs },
        { basisPoints: 500, pause: true },
        { basisPoints: 900, dwellMs: hourMs },
      ],
    },
    { phase: Phase.STEPPING, canary: 100, step: 0 },
  ],
  ["pause", {}, { phase: Phase.PAUSED, canary: 100, step: 0 }],
  ["resume", {}, { phase: Phase.STEPPING, canary: 100, step: 0 }],
  ["promote", {}, { phase: Phase.PAUSED, canary: 500, step: 1 }],
  ["abort", {}, { phase: Phase.ABORTED, canary: 0 }],
  ["undo", {}, { phase: Phase.STEADY, canary: 500 }],
  ["undo", { toRevision: 1 }, { phase: Phase.STEADY, canary: 1_000 }],
  ["setKillSwitch", { arm: "canary" }, { killSwitch: "canary", canary: 1_000 }],
  ["setKillSwitch", { arm: "" }, { killSwitch: "", canary: 1_000 }],
  ["setWeights", { basisPoints: { canary: 0 } }, { canary: 0 }],
  ["setVersion", { arm: "canary", version: "3" }, { canary: 0, version: "3" }],
  ["apply", { distribution: firstDocument }, { canary: 1_000, version: "2" }],
  ["promote", { full: true }, { phase: Phase.PROMOTED, stable: "2" }],
];

/** The same in protobuf: what is an object in JSON is text there, and defaults are spelt out. */
function inProtobuf(name: string, body: object) {
  const { distribution, ...rest } = body as { distribution?: object };
  if (distribution !== undefined) return { distributionJson: JSON.stringify(distribution) };
  if (name === "setSteps") {
    const { steps } = rest as unknown as { steps: object[] };
    return { steps: steps.map((step) => ({ basisPoints: 0, dwellMs: 0, pause: false, ...step })) };
  }
  return { full: false, toRevision: 0, ...rest };
}

function shownBy({ control }: OpenAdmin) {
  const { distribution, state } = control.rollout("toy")!;
  const [stable, canary] = distribution.arms;
  const phase = Phase[state.phase.toUpperCase() as keyof typeof Phase];
  return {
    phase,
    step: "step" in state ? state.step : undefined,
    stable: stable!.version,
    canary: canary?.weight,
    version: canary?.version,
    killSwitch: distribution.killSwitch ?? "",
  };
}

test("every verb over gRPC, and what each did is in the history", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  for (const [i, [name, body, after]] of verbs.entries()) {
    const change = { $case: name, value: inProtobuf(name, body) } as never;
    const reply = await admin.rpc.change({ change, reason: `because ${i}` });
    expect([name, reply.oldRevision, reply.newRevision]).toEqual([name, i + 1, i + 2]);
    expect(shownBy(admin)).toMatchObject(after);
    expect(reply.rollout!.changed).toMatchObject({
      auditId: reply.auditId,
      reason: `because ${i}`,
    });
  }
  const { entries, intact, problems } = await admin.rpc.history({ model: "toy" });
  expect([intact, problems]).toEqual([true, []]);
  expect(entries.map(({ oldRevision }) => oldRevision)).toEqual(
    Array.from({ length: verbs.length + 1 }, (_, i) => verbs.length - i),
  );
  const page = await admin.rpc.history({ model: "toy", limit: 2, below: 4 });
  expect(page.entries.map(({ rollout }) => rollout!.revision)).toEqual([3, 2]);
});

test("every verb in JSON, by either spelling of its fields", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  for (const [i, [name, body, after]] of verbs.entries()) {
    const common = i % 2 === 0 ? { expectRevision: `${i + 1}` } : { expect_revision: i + 1 };
    const { status, json } = await admin.post(`${path}:${name}`, {
      ...body,
      ...common,
      reason: "r",
    });
    expect([name, status, json.oldRevision, json.newRevision]).toEqual([
      name,
      200,
      `${i + 1}`,
      `${i + 2}`,
    ]);
    expect(shownBy(admin)).toMatchObject(after);
    expect(json.rollout.distribution).toEqual(admin.control.rollout("toy")!.distribution);
  }
  const { json } = await admin.get(`${path}/history?limit=2&below=4`);
  expect(json).toMatchObject({
    intact: true,
    entries: [{ rollout: { revision: "3" } }, { rollout: { revision: "2" } }],
  });
});

test("a history that is too large for one reply comes in parts", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const users = Object.fromEntries(
    Array.from({ length: 9_000 }, (_, i) => [`${"u".repeat(70)}${i}`, "canary"]),
  );
  const apply = async (salt: string) => {
    const distributionJson = JSON.stringify({ ...firstDocument, users, salt });
    await admin.rpc.change({ change: { $case: "apply", value: { distributionJson } } });
  };
  for (const salt of ["a", "b", "c", "d"]) await apply(salt);
  const revisions: number[] = [];
  for (let isCut = true; isCut;) {
    const page = await admin.rpc.history({ model: "toy", below: revisions.at(-1) ?? 0 });
    revisions.push(...page.entries.map(({ rollout }) => rollout!.revision));
    expect(page.intact).toBe(true);
    isCut = page.isCut;
    if (revisions.length < 5) expect(isCut).toBe(true);
  }
  expect(revisions).toEqual([5, 4, 3, 2, 1]);
  await Promise.all(
    Array.from({ length: 40 }, () => admin.rpc.history({ model: "toy", limit: 1 })),
  );
  await expect(admin.rpc.history({ model: "toy", limit: 1 })).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});

test("what was read can be changed and applied again", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const { distribution } = (await admin.get(path)).json.rollout;
  const arms = reweigh(distribution, { stable: 8_000, canary: 2_000 });
  const applied = await admin.post(`${path}:apply`, {
    reason: "by hand",
    distribution: { ...distribution, arms, users: { ann: "canary" } },
  });
  expect([applied.status, applied.json.movedBasisPoints]).toEqual([200, 1_000]);
  const explained = await admin.post(`${path}:explain`, { userId: "ann" });
  expect(explained.json).toMatchObject({ arm: "canary", reason: "USER_LIST" });
});

test("all rollouts, one, and how far the routers are, over either protocol", async () => {
  await using folder = await openFolder();
  const other = { ...firstDocument, model: "other" };
  await using admin = await openAdmin({ folder, documents: [firstDocument, other] });
  const listed = await admin.rpc.list({});
  expect(listed.rollouts.map(({ model }) => model)).toEqual(["other", "toy"]);
  expect(listed.store).toBe(StoreState.OK);
  expect((await admin.get("/v1/rollouts")).json).toMatchObject({
    rollouts: [{ model: "other" }, { model: "toy", phase: "PHASE_STEADY", step: -1 }],
    store: "STORE_STATE_OK",
  });
  const status = await admin.rpc.get({ model: "toy" });
  expect(status).toMatchObject({
    rollout: { model: "toy", revision: 1, phase: Phase.STEADY, changed: { verb: "begin" } },
    routers: [{ router: "router-0", revision: 1, contradictions: 0 }],
    store: StoreState.OK,
  });
  expect(status.rollout!.arms).toEqual([
    { name: "stable", version: "1", basisPoints: 9_000, isUnheld: false },
    { name: "canary", version: "2", basisPoints: 1_000, isUnheld: false },
  ]);
});

test("steps say when the next one comes", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const steps = [
    { basisPoints: 100, dwellMs: hourMs, pause: false },
    { basisPoints: 200, dwellMs: 0, pause: true },
  ];
  const { rollout } = await admin.rpc.change({ change: { $case: "setSteps", value: { steps } } });
  expect(rollout!.steps).toEqual(steps);
  expect(rollout!.next!.getTime() - rollout!.since!.getTime()).toBe(hourMs);
  const paused = await admin.rpc.change({ change: { $case: "pause", value: {} } });
  expect(paused.rollout!.next).toBeUndefined();
});

test("a simulation: who would move, and what load where", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, versions: ["1"] });
  const { moves, loads } = await admin.rpc.simulate({
    model: "toy",
    basisPoints: { canary: 5_000 },
  });
  expect(moves).toEqual([{ from: "stable", to: "canary", buckets: 4_000, users: 0 }]);
  expect(loads).toMatchObject([{ arm: "stable" }, { arm: "canary", costMs: Infinity }]);
  const { json } = await admin.post(`${path}:simulate`, { basisPoints: { canary: 5_000 } });
  expect(json.loads[1]).toMatchObject({ arm: "canary", costMs: "Infinity", busy: 0 });
  expect(admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

test("idempotency keys over both protocols: the same request, or ALREADY_EXISTS", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const first = await admin.rpc.change({ ...toWeight(250), idempotencyKey: "k1" });
  const again = await admin.post(`${path}:setWeights`, {
    basisPoints: { canary: 250 },
    reason: "a test",
    idempotencyKey: "k1",
  });
  expect(again.json).toMatchObject({ auditId: first.auditId, newRevision: "2", isRepeat: true });
  const other = await admin.post(`${path}:abort`, { reason: "a test", idempotencyKey: "k1" });
  expect([other.status, other.json.error.code]).toEqual([409, "ALREADY_EXISTS"]);
  expect(other.json.error.message).toContain('"k1"');
});

test("of two that edit at once one wins; the other is ABORTED with who and when", async () => {
  await using folder = await openFolder();
  await using one = await openAdmin({ folder });
  await using other = await openAdmin({ folder, name: "router-1", store: one.store });
  const edits = [one.rpc.change(toWeight(250)), other.rpc.change(toWeight(300))];
  const outcomes = await Promise.allSettled(edits);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const lost = outcomes.find((one) => one.status === "rejected")!;
  expect(lost.reason).toMatchObject({
    code: Code.ABORTED,
    message: expect.stringMatching(
      /at revision 2, expected was 1: "set weight" by local from 127\.0\.0\.1 at \d{4}-.*a test/,
    ),
  });
});
