import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { ServingError } from "../../proto/serving-error.ts";
import { encodeFile, encodeTensors } from "./encode.fixture.ts";
import { openSafetensors } from "./open-safetensors.ts";

async function fileOf(bytes: Uint8Array): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "safetensors-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, "model.safetensors");
  await writeFile(path, bytes);
  return path;
}

test("tensors come back with their shapes and numbers", async () => {
  const embedding = { shape: [3, 2], values: Float32Array.of(1, 2, 3, -4, 0.5, 1e-30) };
  const bias = { shape: [], values: Float32Array.of(7) };
  await using file = await openSafetensors(await fileOf(encodeTensors({ embedding, bias })));
  expect([...file.tensors.keys()]).toEqual(["embedding", "bias"]);
  expect(file.tensors.get("embedding")!.shape).toEqual([3, 2]);
  expect(await file.read("embedding")).toEqual(embedding.values);
  expect(await file.read("bias")).toEqual(bias.values);
  await expect(file.read("head")).rejects.toThrow('has no tensor "head"');
});

test("float16 and bfloat16 become float32; what the writer noted is kept", async () => {
  const header = {
    __metadata__: { format: "pt" },
    half: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
    brain: { dtype: "BF16", shape: [1], data_offsets: [4, 6] },
    nothing: { dtype: "F32", shape: [0, 5], data_offsets: [6, 6] },
  };
  const data = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3f80).buffer);
  await using file = await openSafetensors(await fileOf(encodeFile(header, data)));
  expect(await file.read("half")).toEqual(Float32Array.of(1, -2));
  expect(await file.read("brain")).toEqual(Float32Array.of(1));
  expect(await file.read("nothing")).toEqual(new Float32Array());
  expect(file.metadata).toEqual({ format: "pt" });
});

const floats = (shape: unknown, data_offsets: unknown) => ({ dtype: "F32", shape, data_offsets });
const eight = new Uint8Array(8);

test.each<[string, Uint8Array, RegExp]>([
  ["an empty file", new Uint8Array(), /it has 0 bytes, which is too short/],
  [
    "a header longer than the file",
    Uint8Array.of(...new Uint8Array(7).fill(255), 127, 1, 2),
    /header is said to have 9223372036854775807 bytes; the file has 10/,
  ],
  ["no JSON", encodeFile("{", eight), /header is no JSON/],
  ["no object", encodeFile("[1]", eight), /header is \[1\], not an object/],
  [
    "no UTF-8",
    Buffer.concat([encodeFile(" ", eight).subarray(0, 8), Uint8Array.of(0xff)]),
    /UTF-8/,
  ],
  [
    "three gigabytes in a kilobyte",
    encodeFile({ a: floats([750_000_000], [0, 3_000_000_000]) }, eight),
    /tensor "a" ends at byte 3000000000 of 8 that there are/,
  ],
  [
    "sizes whose product is beyond counting",
    encodeFile({ a: floats([2 ** 52, 2 ** 52, 2 ** 52], [0, 8]) }, eight),
    /takes 3\.\S+e\+47 bytes, and has 8/,
  ],
  [
    "a shape that takes more than it has",
    encodeFile({ a: floats([3], [0, 8]) }, eight),
    /is F32 \[3\], which takes 12 bytes, and has 8/,
  ],
  ["a negative size", encodeFile({ a: floats([-1, -2], [0, 8]) }, eight), /has shape \[-1,-2\]/],
  ["half a size", encodeFile({ a: floats([0.5, 4], [0, 8]) }, eight), /has shape \[0\.5,4\]/],
  [
    "an end before its begin",
    encodeFile({ a: floats([0], [8, 4]) }, eight),
    /data_offsets \[8,4\]/,
  ],
  ["a negative offset", encodeFile({ a: floats([2], [-8, 0]) }, eight), /data_offsets \[-8,0\]/],
  ["no offsets", encodeFile({ a: { dtype: "F32", shape: [2] } }, eight), /data_offsets nothing/],
  ["integers", encodeFile({ a: { dtype: "I64", shape: [1] } }, eight), /dtype "I64"; this reader/],
  ["a tensor that is a number", encodeFile({ a: 3 }, eight), /tensor "a" has dtype nothing/],
  [
    "one name twice",
    encodeFile(
      `{"a":${JSON.stringify(floats([1], [0, 4]))},"a":${JSON.stringify(floats([1], [4, 8]))}}`,
      eight,
    ),
    /"a" is named twice/,
  ],
  [
    "tensors that share bytes",
    encodeFile({ a: floats([2], [0, 8]), b: floats([1], [4, 8]) }, eight),
    /tensor "b" begins inside tensor "a"/,
  ],
  [
    "a gap between tensors",
    encodeFile({ a: floats([1], [4, 8]) }, eight),
    /bytes 0 to 4 belong to no tensor/,
  ],
  [
    "bytes behind the last",
    encodeFile({ a: floats([1], [0, 4]) }, eight),
    /bytes 4 to 8 belong to no tensor/,
  ],
  [
    "more tensors than any model has",
    encodeFile(
      Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`t${i}`, floats([0], [0, 0])])),
      new Uint8Array(),
    ),
    /it names 10,001 tensors; at most 10,000 are read/,
  ],
  ["metadata that is a list", encodeFile({ __metadata__: [] }, new Uint8Array()), /__metadata__/],
])("refuses %s, and says why", async (_, bytes, why) => {
  const opening = openSafetensors(await fileOf(bytes));
  await expect(opening).rejects.toThrow(why);
  await expect(opening).rejects.toBeInstanceOf(ServingError);
});

test("all problems of a file are told at once", async () => {
  const header = { a: floats([1], [0, 8]), b: { dtype: "U8", shape: "x", data_offsets: [] } };
  await expect(openSafetensors(await fileOf(encodeFile(header, eight)))).rejects.toThrow(
    /tensor "a"[^]*tensor "b" has dtype[^]*tensor "b" has shape[^]*tensor "b" has data_offsets/,
  );
});

test("whatever the bytes, it is read or refused, and what is read lies inside the file", async () => {
  const good = encodeTensors({ a: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) } });
  const damaged = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 })
    .map((changes) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  await fc.assert(
    fc.asyncProperty(damaged, async (bytes) => {
      try {
        await using file = await openSafetensors(await fileOf(bytes));
        let numbers = 0;
        for (const name of file.tensors.keys()) numbers += (await file.read(name)).length;
        expect(numbers).toBeLessThanOrEqual(8);
      } catch (error) {
        expect(error).toBeInstanceOf(ServingError);
      }
    }),
    { numRuns: 200 },
  );
});
