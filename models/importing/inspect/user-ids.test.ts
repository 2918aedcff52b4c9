import { expect, test } from "vitest";
import { assertUserIds } from "./user-ids.ts";

const evidence = { users: 4, firstId: 1, unknownId: 0, tableRows: 5 };

test("as many rows as users, and one for the unknown", () => {
  expect(() => assertUserIds(evidence)).not.toThrow();
  expect(() => assertUserIds({ ...evidence, firstId: 0, unknownId: 4 })).not.toThrow();
  expect(() => assertUserIds({ ...evidence, tableRows: undefined })).not.toThrow();
  expect(() => assertUserIds({ ...evidence, users: 0 })).not.toThrow();
});

test("users that the model has no vector for are refused before one of them asks", () => {
  expect(() => assertUserIds({ ...evidence, users: 5 })).toThrow("0 to 4, and 5 users from 1 on");
  expect(() => assertUserIds({ ...evidence, firstId: 0, unknownId: 5 })).toThrow("is 5, and");
});

test("strangers are not answered as somebody else", () => {
  expect(() => assertUserIds({ ...evidence, unknownId: 3 })).toThrow("user 3 of 4");
});
