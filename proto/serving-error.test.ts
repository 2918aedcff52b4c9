import { expect, test } from "vitest";
import { ServingError } from "./serving-error.ts";

const framesOf = ({ stack = "" }: Error) => stack.split("\n").filter((line) => /^ +at /.test(line));

test("a refusal carries no stack, whose capture would cost more than the rest of it", () => {
  const refusal = new ServingError("RESOURCE_EXHAUSTED", "the queue is full");
  expect(framesOf(refusal)).toEqual([]);
  expect(refusal.stack).toBe("ServingError: the queue is full");
});

test("a bug does, and so does what is thrown after a refusal", () => {
  const bug = new ServingError("INTERNAL", "never");
  expect(framesOf(bug)[0]).toContain("serving-error.test");
  expect(framesOf(new Error("later"))[0]).toContain("serving-error.test");
});

test("what is no ServingError becomes INTERNAL, and its text stays in the log", () => {
  const cause = new TypeError("password is hunter2");
  const error = ServingError.from(cause);
  expect(error).toMatchObject({ code: 13, cause });
  expect(error.message).not.toContain("hunter2");
  expect(ServingError.from(error)).toBe(error);
});
