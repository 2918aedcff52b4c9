import { expect, test } from "vitest";
import { createKeyedHash } from "./keyed-hash.ts";

test("is the same for an id each time, and another one for each secret", () => {
  const [one, other] = [createKeyedHash(), createKeyedHash()];
  expect(one("e1")).toEqual(one("e1"));
  expect(one("e1")).not.toEqual(one("e2"));
  expect(one("e1")).not.toEqual(other("e1"));
  const secret = Buffer.alloc(32, 7);
  expect(createKeyedHash(secret)("e1")).toEqual(createKeyedHash(secret)("e1"));
});
