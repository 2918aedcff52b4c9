import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BatchRecommendRequest, RecommendRequest } from "./gen/crossfade/v1/recommender.ts";
import { mutated, refusalOf, requestBytes } from "./request.arbitrary.ts";
import { sliceBatch } from "./slice-batch.ts";

/** The requests of a batch, each as it came, with a field between them that the contract does not know. */
const batch = fc.array(requestBytes, { maxLength: 20 }).map((requests) => {
  const unknown = Buffer.from([0x50, 0x01]);
  const fields = requests.flatMap((request) => [batchOf(request), unknown]);
  return { requests, bytes: new Uint8Array(Buffer.concat(fields)) };
});

function batchOf(request: Uint8Array): Uint8Array {
  const length = [];
  for (let rest = request.length; rest > 0 || length.length === 0; rest >>>= 7)
    length.push((rest & 0x7f) | 0x80);
  length[length.length - 1]! &= 0x7f;
  return Buffer.concat([Buffer.from([0x0a, ...length]), request]);
}

function slices(bytes: Uint8Array, spans: Int32Array): Uint8Array[] {
  return Array.from({ length: spans.length / 2 }, (_, i) =>
    bytes.subarray(spans[2 * i], spans[2 * i + 1]),
  );
}

test("cuts a batch into the requests that were put in", () => {
  fc.assert(
    fc.property(batch, ({ requests, bytes }) => {
      const cut = slices(bytes, sliceBatch(bytes, 20));
      expect(cut.map((slice) => Buffer.from(slice).toString("hex"))).toEqual(
        requests.map((request) => Buffer.from(request).toString("hex")),
      );
      expect(cut.map((slice) => RecommendRequest.decode(slice))).toEqual(
        BatchRecommendRequest.decode(bytes).requests,
      );
    }),
  );
});

test("a damaged batch is refused with INVALID_ARGUMENT or cut within its bytes, in order", () => {
  fc.assert(
    fc.property(mutated(batch.map(({ bytes }) => bytes)), (bytes) => {
      if (refusalOf(() => sliceBatch(bytes, 1000)) !== undefined) return;
      let before = 0;
      for (const offset of sliceBatch(bytes, 1000)) {
        expect(offset).toBeGreaterThanOrEqual(before);
        before = offset;
      }
      expect(before).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 1000 },
  );
});

test("golden bytes: two requests, the second empty", () => {
  expect([...sliceBatch(Buffer.from("0a031201750a00", "hex"), 2)]).toEqual([2, 5, 7, 7]);
});

test("refuses more requests than allowed, and no batch at all is an empty one", () => {
  const bytes = BatchRecommendRequest.encode({
    requests: Array.from({ length: 1001 }, () => RecommendRequest.fromPartial({})),
  }).finish();
  expect(refusalOf(() => sliceBatch(bytes, 1000))).toBe(
    "requests has 1001 elements; send at most 1000",
  );
  expect(sliceBatch(bytes, 1001)).toHaveLength(2002);
  expect(sliceBatch(new Uint8Array(), 1000)).toHaveLength(0);
});

test.each([
  [
    "a length past the end",
    "0a05",
    "BatchRecommendRequest is malformed at byte 2: a length of 5 bytes where 0 are left",
  ],
  ["1,001 unknown fields", "1001".repeat(1_001), "more than 1000 of its fields are unknown"],
  ["a request as a number", "0801", "field 1 cannot have wire type 0 (varint)"],
])("refuses %s", (_, bytes, message) => {
  expect(refusalOf(() => sliceBatch(Buffer.from(bytes, "hex"), 1000))).toContain(message);
});
