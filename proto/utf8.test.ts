import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isUtf8Span } from "./utf8.ts";

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test("agrees with a fatal TextDecoder on any part of any bytes", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 6 }).map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(bytes, fc.nat(12), fc.nat(12), (bytes, a, b) => {
      const start = Math.min(a, b, bytes.length);
      const end = Math.min(Math.max(a, b), bytes.length);
      expect(isUtf8Span(bytes, start, end)).toBe(decodes(bytes.subarray(start, end)));
    }),
    { numRuns: 2000 },
  );
});

test("long text is looked at to its end, and no further", () => {
  const bytes = Buffer.from(`${"x".repeat(5_000)}\xff`, "latin1");
  expect(isUtf8Span(bytes, 1, 5_000)).toBe(true);
  expect(isUtf8Span(bytes, 1, 5_001)).toBe(false);
  const cut = Buffer.from("é".repeat(100));
  expect([isUtf8Span(cut, 0, 199), isUtf8Span(cut, 0, 200)]).toEqual([false, true]);
});
