import * as fc from "fast-check";
import { expect, test } from "vitest";
import { allocateTensors, elementCount, tensorData } from "../../models/allocate-tensors.ts";
import type { Tensor, Tensors, TensorType } from "../../models/tensors.ts";
import { copyFrame, readFrame, takeFrame } from "./frame.ts";

const types: readonly TensorType[] = ["float32", "int32", "int64", "int8", "uint8", "float16"];

const shapes = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 4 }),
  fc.record({
    type: fc.constantFrom(...types),
    dims: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
  }),
  { minKeys: 1, maxKeys: 6, noNullPrototype: true },
);

/** Other bytes in every tensor. */
function fill(tensors: Tensors): Tensors {
  Object.values(tensors).forEach(({ data }, seed) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    bytes.forEach((_, i) => (bytes[i] = 17 * i + seed));
  });
  return tensors;
}

/** Each in a buffer of its own. */
function scattered(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { ...tensor, data: tensor.data.slice() },
    ]),
  );
}

function fives(count: number): Tensor {
  return { type: "int32", dims: [count], data: new Int32Array(count).fill(5) };
}

const infos = (tensors: Tensors) =>
  Object.entries(tensors).map(([name, { type }]) => ({ name, type }));

test("what goes into a frame comes out of it", () => {
  fc.assert(
    fc.property(shapes, (wanted) => {
      const tensors = fill(allocateTensors(wanted));
      const expected = scattered(tensors);
      expect(readFrame(infos(tensors), takeFrame(infos(tensors), expected))).toEqual(expected);
      const buffer = Object.values(tensors)[0]?.data.buffer;
      const frame = takeFrame(infos(tensors), tensors);
      expect(frame, "without a copy").toBe(buffer);
      expect(readFrame(infos(tensors), frame)).toEqual(expected);
    }),
  );
});

test("the order is that of the graph, whatever the order of the feeds", () => {
  const tensors = fill(
    allocateTensors({ a: { type: "int8", dims: [3] }, b: { type: "int64", dims: [2, 1] } }),
  );
  const order = infos(tensors).toReversed();
  expect(readFrame(order, takeFrame(order, tensors))).toEqual(scattered(tensors));
});

test("a frame takes the place of another that is large enough", () => {
  const place = new ArrayBuffer(64);
  expect(copyFrame([fives(10)], place)).toBe(place);
  expect(copyFrame([fives(20)], place)).not.toBe(place);
});

test("only a buffer with nothing else in it is taken", () => {
  const shared = new ArrayBuffer(4096);
  const shape = { type: "int32", dims: [4] } as const;
  const inside = { x: { ...shape, data: tensorData(shape, shared, 1024) } };
  expect(takeFrame(infos(inside), inside)).not.toBe(shared);

  const { x } = allocateTensors({ x: shape });
  const reshaped = { x: { ...x, dims: [1, 1, 1, 1, 1, 1, 4] } };
  const frame = takeFrame(infos(reshaped), reshaped);
  expect(frame, "its header does not fit").not.toBe(x.data.buffer);
  expect(elementCount(readFrame(infos(reshaped), frame)["x"]!.dims)).toBe(4);
});
