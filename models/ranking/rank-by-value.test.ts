import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rankByValue } from "./rank-by-value.ts";

test("ranks any numbers as a stable sort does", () => {
  const value = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 7));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), (list) => {
      const values = Float32Array.from(list);
      const expected = [...values.keys()].sort((a, b) => {
        if (values[a] === values[b]) return a - b;
        return values[a]! > values[b]! ? -1 : 1;
      });
      expect([...rankByValue(values)]).toEqual(expected);
    }),
  );
});
