import { expect, test } from "vitest";
import { createUserHash } from "../bucket.ts";
import { joinLoads, joinObserved } from "./join-observed.ts";
import { countUsers, createUserSketch } from "./user-sketch.ts";

const hashOf = createUserHash("autumn");

function seen(users: readonly string[]) {
  const sketch = createUserSketch();
  for (const user of users) sketch.add(hashOf(Buffer.from(user)));
  return { rows: users.length, users: sketch.encode() };
}

test("users whom two routers saw count once, rows and contradictions twice", () => {
  const { arms, contradictions } = joinObserved([
    { arms: { stable: seen(["ann", "bob"]), canary: seen(["cy"]) }, contradictions: 1 },
    { arms: { stable: seen(["bob", "dee", "dee"]) }, contradictions: 2 },
  ]);
  expect(contradictions).toBe(3);
  expect(arms["stable"]!.rows).toBe(5);
  expect(Math.round(countUsers(arms["stable"]!.users))).toBe(3);
  expect(arms["canary"]).toEqual(seen(["cy"]));
  expect(joinObserved([])).toEqual({ arms: {}, contradictions: 0 });
});

test("rows beyond what a message can hold are said to be as many as it can", () => {
  const many = { arms: { stable: { rows: 2 ** 52, users: "" } }, contradictions: 0 };
  expect(joinObserved([many, many, many]).arms["stable"]!.rows).toBe(Number.MAX_SAFE_INTEGER);
});

test("loads are summed, and costs averaged by who asks how much", () => {
  const loads = joinLoads([
    { stable: { rowsPerSecond: 30, costMs: 1 }, canary: { rowsPerSecond: 0, costMs: 7 } },
    { stable: { rowsPerSecond: 10, costMs: 5 }, canary: { rowsPerSecond: 0 } },
    { stable: { rowsPerSecond: 10 }, blue: { rowsPerSecond: 1 } },
  ]);
  expect(loads["stable"]!.rowsPerSecond).toBe(50);
  expect(loads["stable"]!.costMs).toBeCloseTo(2, 6);
  expect(loads["canary"]!.costMs).toBeCloseTo(7, 6);
  expect(loads["blue"]).toEqual({ rowsPerSecond: 1 });
});
