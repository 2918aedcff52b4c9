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

test("keeps no view of a request, whose buffer may be used again", () => {
  const name = createNameCache("model");
  const reused = Buffer.alloc(5);
  for (let other = 10_001; other < 20_000; other++) {
    reused.write("10000");
    name(reused, 0, 5);
    reused.write(String(other));
    expect(name(Buffer.from(String(other)), 0, 5)).toBe(String(other));
  }
});

test("refuses what is no text and names the field", () => {
  const name = createNameCache("model_version");
  expect(refusalOf(() => name(Uint8Array.of(0x31, 0xc3), 0, 2))).toBe(
    "model_version is not valid UTF-8; send text",
  );
  expect(name(Uint8Array.of(0x31, 0xc3), 0, 1)).toBe("1");
});
