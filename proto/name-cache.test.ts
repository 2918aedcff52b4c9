import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createNameCache } from "./name-cache.ts";
import { refusalOf } from "./request.arbitrary.ts";

test("gives the text of the bytes, whatever was in its slot before", () => {
  const name = createNameCache("model");
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.integer({ max: 20_000 }).map(String),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
      const bytes = Buffer.from(texts.join(""));
      let start = 0;
      for (const text of texts) {
        const end = start + Buffer.byteLength(text);
        expect(name(bytes, start, end)).toBe(text);
        expect(name(bytes, start, end)).toBe(text);
        start = end;
      }
    }),
    { numRuns: 1000 },
  );
});

test("does not keep a view of the request", () => {
  const name = createNameCache("model");
  const bytes = Buffer.from("two-tower");
  expect(name(bytes, 0, 9)).toBe("two-tower");
  bytes.write("sequence!");
  expect(name(bytes, 0, 9)).toBe("sequence!");
  expect(name(Buffer.from("two-tower"), 0, 9)).toBe("two-tower");
});

test("refuses what is no text and names the field", () => {
  const name = createNameCache("model_version");
  expect(refusalOf(() => name(Uint8Array.of(0x31, 0xc3), 0, 2))).toBe(
    "model_version is not valid UTF-8; send text",
  );
  expect(name(Uint8Array.of(0x31, 0xc3), 0, 1)).toBe("1");
});
