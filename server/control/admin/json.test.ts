import { createFileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import {
  ExplainUserRequest,
  GetHistoryRequest,
  GetRolloutRequest,
  SimulateWeightsRequest,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { fileDescriptorSet } from "../../../proto/gen/descriptors.ts";
import type { Schema } from "../../http/json/schema.ts";
import { openFolder } from "../router.fixture.ts";
import { openAdmin, toWeight, type OpenAdmin } from "./admin.fixture.ts";
import { changeVerbs } from "./json-changes.ts";
import {
  changeReply,
  explainReply,
  forgetReply,
  historyReply,
  listReply,
  lowerReply,
  simulateReply,
  statusReply,
} from "./json-replies.ts";
import { explainBody, forgetBody, lowerBody, simulateBody } from "./json-requests.ts";

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(fileDescriptorSet, "base64")),
);
const messageOf = (name: string) => registry.getMessage(`crossfade.admin.v1.${name}`)!;

/** What protobuf's own library makes of the reply that gRPC gives. */
async function byGrpc(admin: OpenAdmin, name: string, request: Uint8Array): Promise<unknown> {
  const path = `/crossfade.admin.v1.RolloutService/${name}`;
  const schema = messageOf(`${name}Response`);
  const message = fromBinary(schema, await admin.channel.unary(path, request));
  return toJson(schema, message, { alwaysEmitImplicit: true });
}

function asObject(one: { readonly distributionJson?: string }): object {
  if (one?.distributionJson === undefined) return one;
  const { distributionJson, ...rest } = one;
  return { ...rest, distribution: JSON.parse(distributionJson) as unknown };
}

/** Distributions are objects in ours; and reports are made while we look. */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (key, field: unknown) => {
    if (key === "reported") return "sometime";
    if (key !== "rollout" && !Array.isArray(field)) return field;
    return Array.isArray(field) ? field.map(asObject) : asObject(field as object);
  });
  // Of a whole second proto3 writes no fraction, or three digits.
  return JSON.parse(text.replaceAll(".000Z", "Z")) as unknown;
}

test("replies in JSON are what protobuf's own library makes of those by gRPC", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const steps = [
    { basisPoints: 100, dwellMs: 3_600_000, pause: false },
    { basisPoints: 200, dwellMs: 0, pause: true },
  ];
  await admin.rpc.change(toWeight(250));
  await admin.rpc.change({ change: { $case: "setSteps", value: { steps } } });
  await admin.rpc.lower({ model: "toy", arm: "canary", ttlMs: 3_600_000, reason: "r" });
  const model = "toy";
  const basisPoints = { canary: 5_000 };
  const pairs: readonly (readonly [name: string, request: Uint8Array, json: Promise<unknown>])[] = [
    [
      "GetRollout",
      GetRolloutRequest.encode({ model }).finish(),
      jsonOf(admin.get("/v1/rollouts/toy")),
    ],
    ["ListRollouts", new Uint8Array(), jsonOf(admin.get("/v1/rollouts"))],
    [
      "GetHistory",
      GetHistoryRequest.encode({ model, limit: 0, below: 0 }).finish(),
      jsonOf(admin.get("/v1/rollouts/toy/history")),
    ],
    [
      "ExplainUser",
      ExplainUserRequest.encode({ model, userId: "ann" }).finish(),
      jsonOf(admin.post("/v1/rollouts/toy:explain", { userId: "ann" })),
    ],
    [
      "SimulateWeights",
      SimulateWeightsRequest.encode({ model, basisPoints }).finish(),
      jsonOf(admin.post("/v1/rollouts/toy:simulate", { basisPoints })),
    ],
  ];
  for (const [name, request, json] of pairs)
    expect([name, comparable(await json)]).toEqual([
      name,
      comparable(await byGrpc(admin, name, request)),
    ]);
});

async function jsonOf(getting: Promise<{ readonly json: unknown }>): Promise<unknown> {
  return (await getting).json;
}

/** Names that differ from the contract's. */
const renamed: Readonly<Record<string, string>> = { distributionJson: "distribution" };

function fieldsOf(name: string, except: readonly string[] = []): string[] {
  const names = messageOf(name).fields.map(({ jsonName }) => renamed[jsonName] ?? jsonName);
  return names.filter((field) => !except.includes(field)).toSorted();
}

const written = ({ properties = {} }: Schema) => Object.keys(properties).toSorted();

test.each([
  ["GetRolloutResponse", statusReply],
  ["ListRolloutsResponse", listReply],
  ["GetHistoryResponse", historyReply],
  ["ChangeRolloutResponse", changeReply],
  ["ExplainUserResponse", explainReply],
  ["SimulateWeightsResponse", simulateReply],
  ["LowerArmResponse", lowerReply],
  ["ForgetRouterResponse", forgetReply],
])("%s has every field of the contract", (name, { schema }) => {
  expect(written(schema)).toEqual(fieldsOf(name));
});

test.each([
  ["ExplainUserRequest", explainBody],
  ["SimulateWeightsRequest", simulateBody],
  ["LowerArmRequest", lowerBody],
  ["ForgetRouterRequest", forgetBody],
])("%s has every field but the model, which is in the path", (name, { schema }) => {
  expect(written(schema)).toEqual(fieldsOf(name, ["model"]));
});

test("every change of the contract has a route, with its own fields and those of all", () => {
  const request = messageOf("ChangeRolloutRequest");
  const cases = request.oneofs[0]!.fields.map(({ jsonName }) => jsonName);
  expect(changeVerbs.map(({ name }) => name).toSorted()).toEqual(cases.toSorted());
  const common = fieldsOf("ChangeRolloutRequest", ["model", ...cases]);
  for (const { name, body } of changeVerbs) {
    const own = fieldsOf(name[0]!.toUpperCase() + name.slice(1));
    expect([name, written(body.schema)]).toEqual([name, [...common, ...own].toSorted()]);
  }
});

test("the OpenAPI document has all routes, and schemas for what it refers to", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const { json: document } = await admin.get("/openapi.json");
  expect(document.info.title).toBe("Crossfade admin");
  const names = changeVerbs.map(({ name }) => `/v1/rollouts/{model}:${name}`);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(["/v1/rollouts", "/v1/rollouts/{model}/history", ...names]),
  );
  const { parameters } = document.paths["/v1/rollouts/{model}"]!.get;
  expect(parameters).toContainEqual(expect.objectContaining({ name: "watch", in: "query" }));
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(document.components.schemas).toHaveProperty(name!);
});

test.each([
  ["router-0", "FAILED_PRECONDITION", "router-0 lives"],
  ["router-7", "NOT_FOUND", 'no router "router-7"'],
])("in JSON, to forget %s is %s", async (router, code, says) => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const { json } = await admin.post("/v1/routers:forget", { router, reason: "x" });
  expect(json.error).toMatchObject({ code, message: expect.stringContaining(says) });
});
