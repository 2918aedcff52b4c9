import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { fileDescriptorSet } from "../../proto/gen/descriptors.ts";
import { RecommendRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ChangeRolloutRequest } from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { findMethod } from "./find-method.ts";
import { schemaOfFiles } from "./schema-of-files.ts";

const compiled = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(fileDescriptorSet, "base64")),
);
const importPaths = ["proto"];

async function ofFiles() {
  const files = ["proto/crossfade/v1/recommender.proto", "proto/crossfade/admin/v1/rollouts.proto"];
  return schemaOfFiles({ files, importPaths });
}

test("a .proto file encodes as what the compiler made of it", async () => {
  const registry = await ofFiles();
  const request = { model: "playlists", userId: "u7", history: ["a", "b"], topK: 0 };
  const { path, encode } = findMethod(registry, "crossfade.v1.RecommenderService/Recommend");
  expect(path).toBe("/crossfade.v1.RecommenderService/Recommend");
  expect(encode(request)).toEqual(findMethod(compiled, "Recommend").encode(request));
  // An optional field that is 0 is there, as the contract says.
  expect(RecommendRequest.decode(encode(request))).toMatchObject({ userId: "u7", topK: 0 });
});

test("maps, oneofs, nested and imported messages", async () => {
  const request = {
    model: "m",
    expect_revision: "7",
    setWeights: { basisPoints: { canary: 500 } },
  };
  const bytes = findMethod(await ofFiles(), "ChangeRollout").encode(request);
  expect(bytes).toEqual(findMethod(compiled, "ChangeRollout").encode(request));
  expect(ChangeRolloutRequest.decode(bytes)).toMatchObject({
    expectRevision: 7,
    change: { $case: "setWeights", value: { basisPoints: { canary: 500 } } },
  });
  const feedback = { eventId: "e", time: "2026-01-02T03:04:05Z" };
  expect(findMethod(await ofFiles(), "RecordFeedback").encode(feedback)).toEqual(
    findMethod(compiled, "RecordFeedback").encode(feedback),
  );
});

test("names are found by scope, inside out, across packages", async () => {
  const folder = await mkdtemp(join(tmpdir(), "crossfade-proto-"));
  try {
    await writeFile(
      join(folder, "colors.proto"),
      `syntax = "proto3"; package shop.colors; message Color { string name = 1; }`,
    );
    await writeFile(
      join(folder, "shop.proto"),
      `syntax = "proto3"; package shop; import "colors.proto";
       message Size { enum Unit { CM = 0; IN = 1; } Unit unit = 1; Size inner_size = 2; }
       message Order { message Word { string word = 1; } Word word = 1; shop.Size size = 2; colors.Color color = 3; }
       service Shop { rpc Buy(Order) returns (Order); rpc Watch(Order) returns (stream Order); }`,
    );
    const registry = await schemaOfFiles({ files: [join(folder, "shop.proto")], importPaths: [] });
    const { encode } = findMethod(registry, "shop.Shop.Buy");
    const order = {
      word: { word: "XL" },
      size: { unit: "IN", innerSize: {} },
      color: { name: "red" },
    };
    expect(Buffer.from(encode(order)).toString("hex")).toBe(
      "0a040a02584c1204080112001a050a03726564",
    );
    expect(() => findMethod(registry, "Watch")).toThrow(/server streaming method; only unary/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["Recomend", /no method Recomend; did you mean crossfade\.v1\.RecommenderService\/Recommend\?/],
  ["crossfade.v1.RecommenderService/Recommendd", /did you mean .*\/Recommend\?/],
  ["Zzzzzzzzzz", /no method Zzzzzzzzzz; there are .*BatchRecommend/],
])("a method that is not there: %s", async (name, message) => {
  const registry = await ofFiles();
  expect(() => findMethod(registry, name)).toThrow(message);
});

test.each([
  [{ modle: "x" }, /key "modle" is unknown; did you mean "model"\?/],
  [{ topK: "many" }, /top_?k|many/i],
  [{ history: "a" }, /history/],
  [["x"], /not a crossfade\.v1\.RecommendRequest/],
])("a request that is none: %j", async (request, message) => {
  const { encode } = findMethod(await ofFiles(), "RecommenderService/Recommend");
  expect(() => encode(request)).toThrow(message);
});

test("files that are not there, and files that are no .proto", async () => {
  const files = ["nowhere/at-all.proto"];
  await expect(schemaOfFiles({ files, importPaths })).rejects.toThrow(
    /cannot read nowhere\/at-all\.proto/,
  );
  await expect(schemaOfFiles({ files: ["package.json"], importPaths })).rejects.toThrow(
    /cannot read package\.json/,
  );
});
