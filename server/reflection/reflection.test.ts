import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer } from "@grpc/proto-loader";
import { toBinary, create, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../../proto/gen/grpc/reflection/v1/reflection.ts";
import { Code } from "../../proto/serving-error.ts";
import { openChannel, startServer } from "../../transport/open.ts";
import type { Method } from "../../transport/transport.ts";
import { reflectionService } from "./reflection.ts";

type Asked = ServerReflectionRequest["messageRequest"];

const served: Method = {
  kind: "unary",
  path: "/crossfade.v1.RecommenderService/Recommend",
  handle: async (request) => request,
};

/** Asks all questions on one stream, as clients do. */
async function ask(version: string, questions: readonly Asked[]) {
  await using server = await startServer([served, ...reflectionService([served])]);
  using channel = openChannel(server.address);
  async function* requests() {
    for (const messageRequest of questions) {
      yield ServerReflectionRequest.encode({ host: "h", messageRequest }).finish();
    }
  }
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const answers: ServerReflectionResponse["messageResponse"][] = [];
  for await (const reply of channel.stream(path, requests())) {
    const { validHost, originalRequest, messageResponse } = ServerReflectionResponse.decode(reply);
    expect(validHost).toBe("h");
    expect(originalRequest?.messageRequest).toEqual(questions[answers.length]);
    answers.push(messageResponse);
  }
  channel.close();
  await server.close(1_000);
  return answers;
}

async function* malformed() {
  yield Buffer.from([0x0a, 0x7f]);
}

function filesIn(answer: ServerReflectionResponse["messageResponse"]): Buffer[] {
  expect(answer?.$case).toBe("fileDescriptorResponse");
  return (answer as { value: { fileDescriptorProto: Buffer[] } }).value.fileDescriptorProto;
}

const namesIn = (answer: ServerReflectionResponse["messageResponse"]) =>
  filesIn(answer).map((file) => fromBinary(FileDescriptorProtoSchema, file).name);

describe.each(["v1", "v1alpha"])("%s", (version) => {
  test("lists what is served", async () => {
    const [answer] = await ask(version, [{ $case: "listServices", value: "" }]);
    const names = [
      "crossfade.v1.RecommenderService",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ];
    expect(answer).toEqual({
      $case: "listServicesResponse",
      value: { service: names.map((name) => ({ name })) },
    });
  });

  test.each([
    ["a service", "crossfade.v1.RecommenderService"],
    ["a method", "crossfade.v1.RecommenderService.Recommend"],
    ["a message", "crossfade.v1.RecommendRequest"],
    ["a field", "crossfade.v1.RecommendRequest.history"],
    ["a oneof", "crossfade.v1.Result.result"],
    ["an enum", "crossfade.v1.RouteReason"],
    ["an enum value, which lives beside its enum", "crossfade.v1.ROUTE_REASON_BUCKET"],
  ])("finds the file of %s, with what it imports", async (_, value) => {
    const [answer] = await ask(version, [{ $case: "fileContainingSymbol", value }]);
    expect(namesIn(answer)).toEqual([
      "crossfade/v1/recommender.proto",
      "google/protobuf/timestamp.proto",
    ]);
  });

  test("finds nested types", async () => {
    const value = "grpc.health.v1.HealthCheckResponse.ServingStatus";
    const [answer] = await ask(version, [{ $case: "fileContainingSymbol", value }]);
    expect(namesIn(answer)).toEqual(["grpc/health/v1/health.proto"]);
  });

  test("answers question after question, and says what it does not know", async () => {
    const unknown = { containingType: "crossfade.v1.Item", extensionNumber: 7 };
    const answers = await ask(version, [
      { $case: "fileByFilename", value: "google/protobuf/timestamp.proto" },
      { $case: "fileByFilename", value: "nope.proto" },
      { $case: "fileContainingSymbol", value: "crossfade.v1.Nope" },
      { $case: "fileContainingSymbol", value: "" },
      { $case: "fileContainingExtension", value: unknown },
      { $case: "allExtensionNumbersOfType", value: "crossfade.v1.Item" },
      { $case: "allExtensionNumbersOfType", value: "crossfade.v1.Nope" },
      undefined,
    ]);
    expect(namesIn(answers[0])).toEqual(["google/protobuf/timestamp.proto"]);
    expect(answers[5]).toMatchObject({
      value: { baseTypeName: "crossfade.v1.Item", extensionNumber: [] },
    });
    const codes = [1, 2, 3, 4, 6, 7].map(
      (i) => (answers[i]!.value as { errorCode: number }).errorCode,
    );
    expect(codes).toEqual([...Array<Code>(5).fill(Code.NOT_FOUND), Code.INVALID_ARGUMENT]);
  });

  test("tells enough to build a client from nothing", async () => {
    const value = "crossfade.v1.RecommenderService";
    const [answer] = await ask(version, [{ $case: "fileContainingSymbol", value }]);
    const file = filesIn(answer)
      .toReversed()
      .map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    const set = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
    const definition = loadFileDescriptorSetFromBuffer(Buffer.from(set));
    const { crossfade } = loadPackageDefinition(definition) as unknown as {
      crossfade: { v1: { RecommenderService: ServiceClientConstructor } };
    };
    const { Recommend } = crossfade.v1.RecommenderService.service;
    expect(Recommend!.path).toBe(served.path);
    const request = { model: "music", user_id: "ana", history: ["a", "b"], top_k: 3 };
    const bytes = Recommend!.requestSerialize(request);
    expect(Recommend!.requestDeserialize(bytes)).toMatchObject(request);
  });
});

test("a malformed question ends the stream with INVALID_ARGUMENT", async () => {
  const server = await startServer(reflectionService([served]));
  using channel = openChannel(server.address);
  const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  const replies = channel.stream(path, malformed())[Symbol.asyncIterator]();
  await expect(replies.next()).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  channel.close();
  await server.close(1_000);
});

test.each([
  { $case: "fileContainingSymbol" as const, value: "a".repeat(257) },
  { $case: "listServices" as const, value: "a".repeat(257) },
  {
    $case: "fileContainingExtension" as const,
    value: { containingType: "a".repeat(257), extensionNumber: 1 },
  },
])("$$case: a name of 257 bytes is refused, not echoed", async (asked) => {
  await expect(ask("v1", [asked])).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringMatching(`${asked.$case}.*257.*256`),
  });
});
