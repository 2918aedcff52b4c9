import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { seal, unseal } from "./sealed-json.ts";

const kind = { kind: "a test", format: 2 };
const damaged = { code: Code.DATA_LOSS };

test("what was sealed comes back", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (content) => {
      const copy = JSON.parse(JSON.stringify(content)) as unknown;
      expect(unseal(seal(kind, content), kind, "the file")).toEqual(copy);
    }),
  );
});

test("cut anywhere, it is damaged", () => {
  const json = seal(kind, { rollouts: ["one", "two"] });
  // The line feed at the end says nothing.
  for (let length = 0; length < json.length - 1; length++)
    expect(() => unseal(json.slice(0, length), kind, "the file")).toThrow(
      expect.objectContaining(damaged),
    );
});

test("one bit that is another either changes nothing or is found", () => {
  const content = { rollouts: [{ model: "toy", revision: 7 }, null, true, 1.5, "é"] };
  const bytes = Buffer.from(seal(kind, content));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    try {
      expect(unseal(flipped.toString(), kind, "the file")).toEqual(content);
    } catch (error) {
      expect(error).toMatchObject(damaged);
    }
  }
});

test("a newer format is refused, and so is another kind of file", () => {
  const newer = seal({ ...kind, format: 3 }, {});
  const refused = expect.objectContaining({ code: Code.FAILED_PRECONDITION });
  expect(() => unseal(newer, kind, "the file")).toThrow(refused);
  expect(() => unseal(newer, kind, "the file")).toThrow(
    "the file has format 3, which a newer Crossfade wrote; this one knows format 2: update it",
  );
  const other = seal({ kind: "another", format: 2 }, {});
  expect(() => unseal(other, kind, "the file")).toThrow('the file holds "another", not "a test"');
});
