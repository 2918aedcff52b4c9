import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("keys are sorted, what is undefined is left out", () => {
  const value = { b: [{ d: 1, c: undefined }], 10: null, 9: "\u2028é", A: true };
  expect(canonicalJson(value)).toBe('{"10":null,"9":"\u2028é","A":true,"b":[{"d":1}]}');
});

test("it is the same JSON, however it was built or read", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = canonicalJson(value);
      expect(JSON.stringify(JSON.parse(json))).toBe(
        JSON.stringify(JSON.parse(canonicalJson(JSON.parse(JSON.stringify(value))))),
      );
      expect(canonicalJson(reversed(value))).toBe(json);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, entry]) => [key, reversed(entry)]));
}
