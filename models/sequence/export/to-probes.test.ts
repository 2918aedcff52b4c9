import { expect, test } from "vitest";
import { toProbes } from "./to-probes.ts";

const probe = (user: number, next = 0) => ({ user, history: Int32Array.of(3), next });
const users = (probes: readonly { user: number }[]) => probes.map(({ user }) => user);

test("trained users are asked about again as strangers", () => {
  const { warm, cold } = toProbes([probe(4, 1), probe(2, 2)], { users: 5 }, 10);
  expect(users(warm)).toEqual([4, 2]);
  expect(cold).toEqual([probe(-1, 1), probe(-1, 2)]);
});

test("real strangers stand for themselves", () => {
  const { warm, cold } = toProbes([probe(4), probe(-1, 7)], { users: 5 }, 10);
  expect(users(warm)).toEqual([4]);
  expect(cold).toEqual([probe(-1, 7)]);
});

test("to a model without users everybody is a stranger, and looked at once", () => {
  const { warm, cold } = toProbes([probe(4), probe(-1)], { users: 0 }, 10);
  expect(users(warm)).toEqual([-1, -1]);
  expect(cold).toBe(warm);
});

test("fewer than there are come from all over the list", () => {
  const { warm } = toProbes(
    Array.from({ length: 10 }, (_, i) => probe(i)),
    { users: 10 },
    3,
  );
  expect(users(warm)).toEqual([0, 3, 6]);
});
