import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecommendRequest } from "./gen/crossfade/v1/recommender.ts";
import { createPeek } from "./peek.ts";
import { createRequestReader } from "./request-reader.ts";
import { mutated, refusalOf, requestBytes } from "./request.arbitrary.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function namesOf(bytes: Uint8Array, peek = createPeek()) {
  const spans = peek(bytes);
  return {
    model: decoder.decode(bytes.subarray(spans.modelStart, spans.modelEnd)),
    userId: decoder.decode(bytes.subarray(spans.userStart, spans.userEnd)),
    modelVersion: decoder.decode(bytes.subarray(spans.versionStart, spans.versionEnd)),
  };
}

function decodedNames(bytes: Uint8Array) {
  const { model, userId, modelVersion } = RecommendRequest.decode(bytes);
  return { model, userId, modelVersion };
}

test("sees the names that the generated code decodes, with one peek for all requests", () => {
  const peek = createPeek();
  fc.assert(
    fc.property(requestBytes, (bytes) => {
      expect(namesOf(bytes, peek)).toEqual(decodedNames(bytes));
    }),
    { numRuns: 1000 },
  );
});

test("a damaged request is refused or peeked as the server will read it", () => {
  const peek = createPeek();
  const reader = createRequestReader();
  fc.assert(
    fc.property(mutated(requestBytes), (bytes) => {
      if (refusalOf(() => peek(bytes)) !== undefined) {
        expect(refusalOf(() => reader.read(bytes))).toBeDefined();
        return;
      }
      const spans = { ...peek(bytes) };
      if (refusalOf(() => reader.read(bytes)) === undefined)
        expect(reader.read(bytes)).toMatchObject(spans);
    }),
    { numRuns: 3000 },
  );
});

test("no cut leads past the end", () => {
  const peek = createPeek();
  fc.assert(
    fc.property(requestBytes, (bytes) => {
      for (let length = 0; length < bytes.length; length++) {
        const refusal = refusalOf(() => peek(bytes.subarray(0, length)));
        expect(refusalOf(() => peek(new Uint8Array(bytes.subarray(0, length))))).toBe(refusal);
      }
    }),
    { numRuns: 30 },
  );
});

test("golden bytes", () => {
  const bytes = Buffer.from("22016148050a016d120275311a0137", "hex");
  expect(createPeek()(bytes)).toEqual({
    modelStart: 7,
    modelEnd: 8,
    userStart: 10,
    userEnd: 12,
    versionStart: 14,
    versionEnd: 15,
    topK: 5,
  });
});

test("of several top_k the last one counts, as the server will read it", () => {
  const bytes = Buffer.from("48054807", "hex");
  expect(createPeek()(bytes).topK).toBe(7);
  expect(createRequestReader().read(bytes).topK).toBe(7);
});

test("takes 1,000 fields of a newer contract", () => {
  expect(createPeek()(Buffer.from("5001".repeat(1_000), "hex")).topK).toBe(10);
});

test.each([
  ["unknown fields", "5001"],
  ["top_k", "4801"],
  ["exclude_history", "4001"],
])("refuses 1,001 %s, and so does the server", (_, field) => {
  const bytes = Buffer.from(field.repeat(1_001), "hex");
  const says = "more than 1000 of its fields are unknown or repeat a value";
  expect(refusalOf(() => createPeek()(bytes))).toContain(says);
  expect(refusalOf(() => createRequestReader().read(bytes))).toContain(says);
});

test.each([
  [
    "a repeated user_id",
    "12 01 75 22 01 61 12 01 76",
    "user_id appears more than once; send it once",
  ],
  [
    "a repeated field 1 behind everything else",
    "0a 01 6d 22 01 61 48 01 0a 01 6e",
    "model appears more than once",
  ],
  ["a wrong wire type", "18 01", "field 3 cannot have wire type 0 (varint)"],
  ["a length past the end in a run", "22 01 61 22 04 61", "a length of 4 bytes where 1 are left"],
])("refuses %s", (_, bytes, message) => {
  expect(refusalOf(() => createPeek()(Buffer.from(bytes.replaceAll(" ", ""), "hex")))).toContain(
    message,
  );
});
