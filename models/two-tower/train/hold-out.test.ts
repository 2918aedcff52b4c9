import { expect, test } from "vitest";
import { clusteredInteractions } from "./clustered.fixture.ts";
import { holdOut } from "./hold-out.ts";
import { choicesOf, collectInteractions } from "./interactions.ts";

const all = clusteredInteractions({ users: 500, items: 400 });

test("the training sees neither the kept choices nor the newcomers", () => {
  const { train, probes } = holdOut(all, { warm: 100, cold: 40 });
  expect(train.users).toBe(460);
  expect([probes.warm.length, probes.cold.length]).toEqual([100, 40]);
  const probed = new Set(probes.warm.map(({ user }) => user));
  expect(probed.size).toBe(100);
  for (let user = 0; user < train.users; user++) {
    const choices = [...choicesOf(all, user)];
    expect([...choicesOf(train, user)]).toEqual(probed.has(user) ? choices.slice(0, -1) : choices);
  }
});

test("a probe is asked for the last choice, and knows those before it", () => {
  const { probes } = holdOut(all, { warm: 100, cold: 40 });
  for (const { user, history, next } of probes.warm) {
    expect([...history, next]).toEqual([...choicesOf(all, user)]);
  }
  probes.cold.forEach(({ user, history, next }, i) => {
    expect(user).toBe(-1);
    expect([...history, next]).toEqual([...choicesOf(all, 460 + i)]);
  });
});

test("a seed draws the same users again, another one others", () => {
  const [once, again, other] = [1, 1, 2].map((seed) =>
    holdOut(all, { seed, warm: 50 }).probes.warm.map(({ user }) => user),
  );
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
});

test("enough is left to learn from: half of the users keep everything, and nobody less than two", () => {
  const few = collectInteractions({ users: 20, items: 400 }, (user) =>
    choicesOf(all, user).subarray(0, user % 5),
  );
  const { train, probes } = holdOut(few, { warm: 1000, cold: 1000 });
  expect(train.users).toBe(18);
  // Of the 18, those with 3 or 4 choices are 7.
  expect(probes.warm.length).toBe(3);
  for (const { user } of probes.warm)
    expect(choicesOf(train, user).length).toBeGreaterThanOrEqual(2);
  for (const { history } of probes.cold) expect(history.length).toBeGreaterThanOrEqual(1);
});
