import { expect, test } from "vitest";
import { Code, ServingError } from "../proto/serving-error.ts";
import { callWith, testBackend } from "./backend.contract.ts";
import { createPuppet } from "./puppet.ts";
import { createQuery } from "./query.ts";
import { toyRequest } from "./toy-family.ts";

const good = ["ann", "bob", "cy"].map((user) => toyRequest(user));

testBackend("puppet", {
  async open() {
    const backend = createPuppet({ model: "toy", version: "3" });
    backend.perform();
    return { backend, model: "toy", version: "3", good };
  },
  async openHung() {
    const backend = createPuppet({ model: "toy", version: "3" });
    return { backend, model: "toy", version: "3", good, release: () => backend.perform() };
  },
  fixedCost: "a puppet costs what it is told",
});

const query = (user: string) =>
  createQuery(toyRequest(user), callWith({}), {
    model: "puppet",
    version: "",
    user: Buffer.from(user),
  });

test("a puppet waits until it is told, oldest call first", async () => {
  const puppet = createPuppet();
  const [first, second] = [
    puppet.answer([query("ann")]),
    puppet.answer([query("bob"), query("cy")]),
  ];
  expect(puppet.waiting.map((call) => call.map(({ user }) => String(user)))).toEqual([
    ["ann"],
    ["bob", "cy"],
  ]);
  puppet.failNext(new ServingError("UNAVAILABLE", "gone"));
  puppet.answerNext();
  expect(await first).toEqual([expect.objectContaining({ code: Code.UNAVAILABLE })]);
  expect((await second).some((answer) => answer instanceof ServingError)).toBe(false);
  expect(puppet.waiting).toEqual([]);
});

test("a puppet forgets calls that were cancelled", async () => {
  const puppet = createPuppet();
  const caller = new AbortController();
  const call = callWith({ signal: caller.signal });
  const cancelled = puppet.answer([{ ...query("ann"), call }]);
  const patient = puppet.answer([query("bob")]);
  caller.abort();
  puppet.answerNext();
  expect(await cancelled).toEqual([expect.objectContaining({ code: Code.CANCELLED })]);
  expect((await patient)[0]).not.toBeInstanceOf(ServingError);
});

test("a puppet is as ready, as costly and as broken as it is told to be", async () => {
  const puppet = createPuppet();
  puppet.setReady(false);
  puppet.setCostMs(7);
  puppet.fail(new ServingError("UNAVAILABLE", "gone"));
  expect(puppet.isReady("puppet", "1")).toBe(false);
  expect(puppet.costMs("puppet", "", 1)).toBe(7);
  expect(await puppet.answer([query("ann")])).toEqual([
    expect.objectContaining({ code: Code.UNAVAILABLE }),
  ]);
});
