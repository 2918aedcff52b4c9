import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildGraph } from "../build-graph.ts";
import { encodeModel } from "../encode-model.ts";
import { decodeModel } from "./decode-model.ts";
import { bytesField, integerField, joinFields, textField } from "./encode-fields.ts";
import { readModelFile } from "./read-model-file.ts";
import { tensorData, tensorFloats } from "./tensor-data.ts";

const fixtures = new URL("../../importing/fixtures/", import.meta.url);
const good = ["full-logits.onnx", "gru-gemm.onnx", "fixed-length-mask.onnx"];

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-decode-"));
});
afterAll(() => rm(dir, { recursive: true }));

const nowhere = () => {
  throw new Error("nothing lies outside");
};

test("every exporter's file is written again byte for byte", async () => {
  const files = (await readdir(fixtures)).filter((name) => name.endsWith(".onnx"));
  expect(files.length).toBeGreaterThan(8);
  for (const name of files.filter((name) => name !== "claims-3-gb.onnx")) {
    const bytes = await readFile(new URL(name, fixtures));
    const { fields, graph } = decodeModel(bytes);
    expect(Buffer.from(joinFields(fields)).equals(bytes), name).toBe(true);
    const graphBytes = fields.find(({ number }) => number === 7)!.value;
    expect(Buffer.from(joinFields(graph.fields)).equals(graphBytes), name).toBe(true);
  }
});

test("what is understood is what was written", () => {
  const bytes = encodeModel(
    buildGraph("small", (graph) => {
      const ids = graph.input("ids", "int64", ["batch", 4]);
      const weights = graph.external(
        { name: "weights", type: "float32", dims: [2, 3] },
        { file: "weights.bin", offsetBytes: 8, lengthBytes: 24 },
      );
      const inner = graph.branch("inner", (own) => {
        own.output(own.node("Identity", [ids], { outputs: ["same"] }), "int64", ["batch", 4]);
      });
      const isTrue = graph.node("Greater", [graph.int64(2), graph.int64(-1)]);
      graph.node("If", [isTrue], {
        attributes: { then_branch: inner, else_branch: { ...inner, name: "other" } },
        outputs: ["chosen"],
      });
      graph.node("Gemm", [weights, weights], {
        attributes: { alpha: { float: 0.5 }, transB: 1, axes: [0, -1] },
        outputs: ["product"],
      });
      graph.output("product", "float32", ["batch", ""]);
    }),
  );
  const { graph, opsets, functions } = decodeModel(bytes);
  expect(opsets).toEqual([{ domain: "", version: 18 }]);
  expect(functions).toEqual([]);
  expect(graph.inputs).toMatchObject([{ name: "ids", typeCode: 7, dims: ["batch", 4] }]);
  expect(graph.nodes.map(({ op }) => op)).toEqual(["Greater", "If", "Gemm"]);
  expect(graph.nodes[1]!.attributes[0]!.graphs[0]!.nodes[0]!.op).toBe("Identity");
  expect(graph.nodes[2]!.attributes).toMatchObject([
    { name: "alpha", float: 0.5 },
    { name: "transB", integer: 1 },
    { name: "axes", integers: [0, -1] },
  ]);
  expect(graph.initializers[0]).toMatchObject({
    name: "weights",
    dims: [2, 3],
    content: { kind: "external", at: { location: "weights.bin", offset: 8, length: 24 } },
  });
});

test("numbers come out the same, raw or one by one", () => {
  const packed = new BinaryWriter().tag(4, WireType.LengthDelimited).fork();
  for (const value of [1.5, -2, 3]) packed.float(value);
  const typed = { bytes: packed.join().finish() };
  const [floats, singles] = tensorsOf(
    [integerField(1, 3), integerField(2, 1), textField(8, "floats"), typed],
    [
      integerField(1, 2),
      integerField(2, 7),
      textField(8, "whole"),
      ...[-1, 2 ** 40].map((value) => integerField(7, value)),
    ],
  );
  expect([...tensorFloats(floats!, nowhere)]).toEqual([1.5, -2, 3]);
  const whole = tensorData(singles!, nowhere);
  const view = new DataView(whole.buffer, whole.byteOffset);
  expect([view.getBigInt64(0, true), view.getBigInt64(8, true)]).toEqual([-1n, 2n ** 40n]);
});

type Fields = readonly { readonly bytes: Uint8Array }[];

function tensorsOf(...tensors: readonly Fields[]) {
  return decodeModel(modelOf(tensors.map((fields) => bytesField(5, joinFields(fields))))).graph
    .initializers;
}

function modelOf(graph: Fields): Uint8Array {
  return joinFields([integerField(1, 8), bytesField(7, joinFields(graph))]);
}

/** Tag and length of a field, whatever follows. */
function claim(number: number, length: number): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish();
}

test.each<readonly [string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "it has no graph or no version"],
  [
    "3 GB in a field of 1 kB",
    joinFields([
      integerField(1, 8),
      { bytes: claim(7, 3_000_000_000) },
      { bytes: new Uint8Array(1_000) },
    ]),
    "the model claims 3,000,000,000 bytes for field 7, and 1,000 are left; the file is cut short",
  ],
  [
    "3 GB in a tensor's shape",
    modelOf([
      bytesField(
        5,
        joinFields([
          integerField(1, 30_000),
          integerField(1, 25_000),
          integerField(2, 1),
          textField(8, "w"),
          bytesField(9, new Uint8Array(900)),
        ]),
      ),
    ]),
    'the tensor "w" claims [30000, 25000], 3,000,000,000 bytes, and has 900',
  ],
  [
    "3 GB of numbers, one by one",
    modelOf([
      bytesField(
        5,
        joinFields([integerField(1, 800_000_000), integerField(2, 1), textField(8, "w")]),
      ),
    ]),
    'the tensor "w" claims [800000000], 3,200,000,000 bytes, and has 0',
  ],
  [
    "a graph twice",
    joinFields([
      integerField(1, 8),
      bytesField(7, new Uint8Array()),
      bytesField(7, new Uint8Array()),
    ]),
    "the model says field 7 twice",
  ],
  ["a group", joinFields([{ bytes: Uint8Array.of(0x3b) }]), "wire type 3"],
  ["a number without an end", new Uint8Array(20).fill(0xff), "a number of more than 10 bytes"],
  ["a field of the number 0", Uint8Array.of(0, 0), "a field with the number 0"],
  [
    "a dimension below 0",
    modelOf([
      bytesField(5, joinFields([integerField(1, -4), integerField(2, 1), textField(8, "w")])),
    ]),
    "a dimension of -4",
  ],
  ["text that is none", modelOf([bytesField(2, Uint8Array.of(0xff))]), "a text that is no UTF-8"],
  ["a graph in a graph in a graph", deep(40), "nested more than 32 deep"],
])("%s is refused", (_, bytes, message) => {
  expect(() => decodeModel(bytes)).toThrow(message);
});

function deep(levels: number): Uint8Array {
  let graph: Uint8Array = new Uint8Array();
  for (let i = 0; i < levels; i++)
    graph = joinFields([
      bytesField(1, joinFields([bytesField(5, joinFields([bytesField(6, graph)]))])),
    ]);
  return modelOf([{ bytes: graph }]);
}

test("damaged files are refused in words, never by a crash", async () => {
  const files = await Promise.all(good.map((name) => readFile(new URL(name, fixtures))));
  const damage = fc.tuple(fc.constantFrom(...files), fc.nat(), fc.nat(255), fc.boolean());
  fc.assert(
    fc.property(damage, ([file, at, value, isCut]) => {
      const place = at % file.length;
      const bytes = isCut
        ? file.subarray(0, place)
        : Uint8Array.from(file).fill(value, place, place + 1);
      try {
        decodeModel(bytes);
      } catch (error) {
        expect((error as Error).message).toContain("it is no sound ONNX file");
      }
    }),
    { numRuns: 300 },
  );
});

const bytesOf = (doubles: readonly number[]) => new Uint8Array(Float64Array.from(doubles).buffer);

test.each(["packed", "one by one"])("doubles are read, %s", (way) => {
  const doubles = [0.5, -2e-9];
  const one = (number: number) => ({
    bytes: new BinaryWriter()
      .tag(10, WireType.Bit64)
      .raw(bytesOf([number]))
      .finish(),
  });
  const data = way === "packed" ? [bytesField(10, bytesOf(doubles))] : doubles.map(one);
  const tensor = [integerField(1, 2), integerField(2, 11), textField(8, "w"), ...data];
  const { graph } = decodeModel(modelOf([bytesField(5, joinFields(tensor))]));
  const read = tensorData(graph.initializers[0]!, nowhere);
  expect([...new Float64Array(new Uint8Array(read).buffer)]).toEqual(doubles);
});

const repeated = (bytes: Uint8Array, times: number) =>
  Array.from({ length: times }, () => bytesField(1, bytes));

test("as many fields as no graph has are refused, in one message or in many", () => {
  const few = joinFields(Array.from({ length: 500 }, () => integerField(3, 1)));
  expect(() => decodeModel(modelOf(repeated(few, 100)))).not.toThrow(/fields/);
  expect(() => decodeModel(modelOf(repeated(few, 2_000)))).toThrow(
    "it has more than 1,000,000 fields, up to a node",
  );
  expect(() => decodeModel(Buffer.alloc(2_000_002, Buffer.from([0x10, 1])))).toThrow(
    "it has more than 1,000,000 fields, up to the model",
  );
});

function entry(key: string, value: string) {
  return bytesField(13, joinFields([textField(1, key), textField(2, value)]));
}

function withWeights(location: string, length = 24): Uint8Array {
  const place = [
    entry("location", location),
    entry("offset", "4"),
    entry("length", String(length)),
  ];
  const weights = [
    integerField(1, 2),
    integerField(1, 3),
    integerField(2, 1),
    textField(8, "w"),
    ...place,
    integerField(14, 1),
  ];
  return modelOf([bytesField(5, joinFields(weights))]);
}

async function floatsOf(location: string): Promise<Float32Array> {
  const path = join(dir, "model.onnx");
  await writeFile(path, withWeights(location));
  const { model, findExternal } = await readModelFile(path);
  return tensorFloats(model.graph.initializers[0]!, findExternal);
}

test("weights beside the file are read, and nothing outside its folder", async () => {
  await writeFile(join(dir, "w.bin"), new Float32Array([9, 1, 2, 3, 4, 5, 6]));
  expect([...(await floatsOf("w.bin"))]).toEqual([1, 2, 3, 4, 5, 6]);
  await expect(floatsOf("../w.bin")).rejects.toThrow(/not beside it|outside the folder/);
  await expect(floatsOf("/etc/hostname")).rejects.toThrow(/not beside it|outside the folder/);
  await symlink("/etc/passwd", join(dir, "link.bin"));
  await expect(floatsOf("link.bin")).rejects.toThrow("outside the folder of the model");
  await expect(floatsOf("gone.bin")).rejects.toThrow(
    '"gone.bin", which is not beside it; copy that file too',
  );
  await writeFile(join(dir, "short.bin"), new Float32Array(3));
  await expect(floatsOf("short.bin")).rejects.toThrow(
    "short.bin has 12 bytes, and the model reads 24 from byte 4",
  );
});

test("a length that is not what the shape needs is refused before anything is read", () => {
  expect(() => decodeModel(withWeights("w.bin", 3_000_000_000))).toThrow("and has 3,000,000,000");
});

test("a file that is none says so", async () => {
  await expect(readModelFile(join(dir, "none.onnx"))).rejects.toThrow(
    "none.onnx cannot be read: it is not there",
  );
  await expect(readModelFile(dir)).rejects.toThrow("is no file; give the .onnx file itself");
  const saved = join(dir, "weights.pt");
  await writeFile(saved, "PK\u0003\u0004 and what torch.save wrote");
  await expect(readModelFile(saved)).rejects.toThrow("export the model by torch.onnx.export");
});
