import { afterAll, beforeAll, expect, test } from "vitest";
import { Phase, StoreState } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code } from "../../../proto/serving-error.ts";
import { reweigh } from "../../../router/reweigh.ts";
import { firstDocument, openFolder, type Folder } from "../router.fixture.ts";
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
    { name: "stable", version: "1", basisPoints: 9_000 },
    { name: "canary", version: "2", basisPoints: 1_000 },
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
  await using admin = await openAdmin({ folder });
  const { moves, loads } = await admin.rpc.simulate({
    model: "toy",
    basisPoints: { canary: 5_000 },
  });
  expect(moves).toEqual([{ from: "stable", to: "canary", buckets: 4_000, users: 0 }]);
  // The puppet holds version 1 alone.
  expect(loads).toMatchObject([{ arm: "stable" }, { arm: "canary", costMs: Infinity }]);
  const { json } = await admin.post(`${path}:simulate`, { basisPoints: { canary: 5_000 } });
  expect(json.loads[1]).toMatchObject({ arm: "canary", costMs: "Infinity", busy: 0 });
  expect(admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

const dwell = { basisPoints: 1, dwellMs: hourMs };

const wrong: readonly (readonly [what: string, name: string, body: object, says: string])[] = [
  ["no reason", "abort", {}, "reason is required"],
  ["an empty reason", "abort", { reason: "  " }, "reason is required"],
  ["a reason of two lines", "abort", { reason: "a\nb" }, "one line"],
  ["a reason with an escape", "abort", { reason: "\u001b[31mred" }, "control characters"],
  ["a long reason", "abort", { reason: "x".repeat(1_001) }, "1001 characters"],
  ["no weights", "setWeights", { basisPoints: {}, reason: "r" }, "name an arm"],
  ["a weight over 100%", "setWeights", { basisPoints: { canary: 10_001 }, reason: "r" }, "10001"],
  ["a weight below 0", "setWeights", { basisPoints: { canary: -1 }, reason: "r" }, "-1"],
  ["an arm that is not there", "setWeights", { basisPoints: { blue: 1 }, reason: "r" }, "blue"],
  [
    "the name of a prototype",
    "setWeights",
    { basisPoints: { constructor: 1 }, reason: "r" },
    "constructor",
  ],
  ["a fraction", "setWeights", { basisPoints: { canary: 1.5 }, reason: "r" }, "basisPoints.canary"],
  ["no steps", "setSteps", { steps: [], reason: "r" }, "no steps"],
  [
    "a step that pauses and stays",
    "setSteps",
    { steps: [{ ...dwell, pause: true }], reason: "r" },
    "one of both",
  ],
  [
    "101 steps",
    "setSteps",
    { steps: Array.from({ length: 101 }, () => dwell), reason: "r" },
    "at most 100",
  ],
  ["a revision below 0", "abort", { expectRevision: -1, reason: "r" }, "expectRevision is -1"],
  ["a key with a space", "abort", { idempotencyKey: "a b", reason: "r" }, "idempotency_key"],
  ["a long key", "abort", { idempotencyKey: "k".repeat(129), reason: "r" }, "idempotency_key"],
  ["no distribution", "apply", { reason: "r" }, "distribution is required"],
  [
    "a distribution of another model",
    "apply",
    { distribution: { ...firstDocument, model: "x" }, reason: "r" },
    "model x",
  ],
  ["half of a distribution", "apply", { distribution: { format: 1 }, reason: "r" }, "arms"],
  [
    "a field twice",
    "apply",
    '{"distribution":{"format":1,"format":1},"reason":"r"}' as never,
    "appears twice",
  ],
  ["a misspelt field", "abort", { raeson: "r" }, "did you mean reason?"],
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

test.each(wrong)("%s: INVALID_ARGUMENT that says so", async (...[, name, body, says]) => {
  const { status, json } = await admin.post(`${path}:${name}`, body);
  expect([status, json.error.code]).toEqual([400, "INVALID_ARGUMENT"]);
  expect(json.error.message).toContain(says);
  expect(admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

const invalid = (says: string) => ({
  code: Code.INVALID_ARGUMENT,
  message: expect.stringContaining(says),
});

test("over gRPC the same checks hold", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  await expect(admin.rpc.change({})).rejects.toMatchObject(invalid("change is required"));
  await expect(admin.rpc.change({ ...toWeight(1), reason: "" })).rejects.toMatchObject(
    invalid("reason is required"),
  );
  await expect(admin.rpc.change({ ...toWeight(1), model: "" })).rejects.toMatchObject(
    invalid("model is required"),
  );
  await expect(admin.rpc.get({ model: "x".repeat(300) })).rejects.toMatchObject(
    invalid("300 bytes"),
  );
  await expect(admin.rpc.history({ model: "toy", limit: 501 })).rejects.toMatchObject(
    invalid("limit is 501"),
  );
  const path = "/crossfade.admin.v1.RolloutService/GetRollout";
  await expect(admin.channel.unary(path, Buffer.from("ffffff", "hex"))).rejects.toMatchObject(
    invalid("malformed"),
  );
});

test("a model without a rollout is NOT_FOUND, with the nearest name", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const missing = { code: Code.NOT_FOUND, message: expect.stringContaining("did you mean toy?") };
  const model = "tpy";
  await expect(admin.rpc.get({ model })).rejects.toMatchObject(missing);
  await expect(admin.rpc.history({ model })).rejects.toMatchObject(missing);
  await expect(admin.rpc.explain({ model, userId: "u" })).rejects.toMatchObject(missing);
  await expect(admin.rpc.simulate({ model, basisPoints: {} })).rejects.toMatchObject(missing);
  await expect(admin.rpc.watch(model).next()).rejects.toMatchObject(missing);
  const lower = { model, arm: "canary", ttlMs: 1, reason: "r" };
  await expect(admin.rpc.lower(lower)).rejects.toMatchObject(missing);
  expect((await admin.get(`/v1/rollouts/${model}`)).status).toBe(404);
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
