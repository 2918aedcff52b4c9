import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { fileDescriptorSet } from "./gen/descriptors.ts";

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(fileDescriptorSet, "base64")),
);

function fieldsOf(message: string): string[] {
  return registry.getMessage(message)!.fields.map((field) => `${field.number} ${field.name}`);
}

test("describes every service, its methods and what the files import", () => {
  const methods = [...registry]
    .filter((type) => type.kind === "service")
    .flatMap((service) =>
      service.methods.map((method) => `${service.typeName}/${method.name} ${method.methodKind}`),
    );
  expect(methods.sort()).toEqual([
    "crossfade.admin.v1.RolloutService/ChangeRollout unary",
    "crossfade.admin.v1.RolloutService/ExplainUser unary",
    "crossfade.admin.v1.RolloutService/ForgetRouter unary",
    "crossfade.admin.v1.RolloutService/GetHistory unary",
    "crossfade.admin.v1.RolloutService/GetRollout unary",
    "crossfade.admin.v1.RolloutService/ListRollouts unary",
    "crossfade.admin.v1.RolloutService/LowerArm unary",
    "crossfade.admin.v1.RolloutService/SimulateWeights unary",
    "crossfade.admin.v1.RolloutService/WatchRollout server_streaming",
    "crossfade.v1.RecommenderService/BatchRecommend unary",
    "crossfade.v1.RecommenderService/ListModels unary",
    "crossfade.v1.RecommenderService/Recommend unary",
    "crossfade.v1.RecommenderService/RecordFeedback unary",
    "grpc.health.v1.Health/Check unary",
    "grpc.health.v1.Health/List unary",
    "grpc.health.v1.Health/Watch server_streaming",
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo bidi_streaming",
    "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo bidi_streaming",
  ]);
  expect(registry.getFile("google/protobuf/timestamp.proto")).toBeDefined();
});

test.each(["v1", "v1alpha"])("reflection %s has the published numbers", (version) => {
  expect(fieldsOf(`grpc.reflection.${version}.ServerReflectionRequest`)).toEqual([
    "1 host",
    "3 file_by_filename",
    "4 file_containing_symbol",
    "5 file_containing_extension",
    "6 all_extension_numbers_of_type",
    "7 list_services",
  ]);
  expect(fieldsOf(`grpc.reflection.${version}.ServerReflectionResponse`)).toEqual([
    "1 valid_host",
    "2 original_request",
    "4 file_descriptor_response",
    "5 all_extension_numbers_response",
    "6 list_services_response",
    "7 error_response",
  ]);
});
