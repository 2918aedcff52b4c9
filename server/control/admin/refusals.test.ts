import { afterAll, beforeAll, expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { firstDocument, openFolder, type Folder } from "../router.fixture.ts";
import { openAdmin, toWeight, type OpenAdmin } from "./admin.fixture.ts";

const path = "/v1/rollouts/toy";
const hourMs = 3_600_000;

/** One for all: nothing changes. */
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

const dwell = { basisPoints: 1, dwellMs: hourMs };

const wrong: readonly (readonly [what: string, name: string, body: object, says: string])[] = [
  ["no reason", "abort", {}, "reason is required"],
  ["an empty reason", "abort", { reason: "  " }, "reason is required"],
  ["a reason of two lines", "abort", { reason: "a\nb" }, "one line"],
  ["a reason with an escape", "abort", { reason: "\u001b[31mred" }, "control characters"],
  ["a reason that turns around", "abort", { reason: "a\u202Eb" }, "invisible ones"],
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
