import { expect, test } from "vitest";
import type { Distribution } from "../../router/distribution.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { ControlStore, StoreFollower } from "../../router/store/control-store.ts";
import { rolloutOf } from "../../router/store/rollouts.fixture.ts";
import { createLog } from "../log/log.ts";
import { followStore } from "./follow-store.ts";
import { holdRollouts } from "./held-rollouts.ts";

/** A store that tells only what it is told to. */
function openScene(...snapshot: readonly Rollout[]) {
  let follower!: StoreFollower;
  const store: Pick<ControlStore, "name" | "follow"> = {
    name: "puppet",
    follow(given, signal) {
      follower = given;
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  };
  const applied: Distribution[] = [];
  const refused: string[] = [];
  const logged: string[] = [];
  const log = createLog({ write: (line) => void logged.push(line), isPretty: false });
  const held = holdRollouts(
    { apply: async (distribution) => void applied.push(distribution) },
    () => {},
  );
  for (const rollout of snapshot) void held.take(rollout);
  const stopping = new AbortController();
  const followed = followStore({
    store,
    held,
    log,
    signal: stopping.signal,
    nowMs: () => 1_000,
    refused: (model, why) => refused.push(`${model} ${why}`),
    changed: () => {},
  });
  /** All is read, as the store does it. */
  const read = (...rollouts: readonly Rollout[]) => {
    for (const rollout of rollouts) follower.onRollout(rollout);
    const models = rollouts.map(({ distribution }) => distribution.model);
    follower.onRead?.(models, []);
  };
  return { follower, followed, held, applied, refused, logged, read };
}

const at = (revision: number, others: Partial<Distribution> = {}) =>
  rolloutOf({ revision, ...others });

test("what is newer is routed by; what is older, or the same, is not", async () => {
  const { follower, followed, applied, refused, read } = openScene(at(3));
  read(at(4));
  await followed.firstRead;
  follower.onRollout(at(5));
  follower.onRollout(at(4));
  follower.onRollout(at(5));
  expect(applied.map(({ revision }) => revision)).toEqual([3, 4, 5]);
  expect(refused).toEqual([]);
  expect(followed.readMs()).toBe(1_000);
});

test("a read that began before a push: nothing is lost", () => {
  const { follower, followed, read, refused } = openScene();
  read(at(4));
  follower.onRollout(at(5));
  read(at(4));
  expect(followed.isBehind("toy")).toBe(false);
  read(at(5));
  read(at(4));
  expect(followed.isBehind("toy")).toBe(false);
  expect(refused).toEqual([]);
});

test.each([
  ["less", [at(4)]],
  ["nothing", []],
  ["something else by the same number", [at(5, { salt: "other" })]],
])("a store that holds %s was lost: said once, with what to do, until it is mended", (_, lost) => {
  const { followed, held, logged, refused, read } = openScene();
  read(at(5));
  read(...lost);
  read(...lost);
  read(...lost);
  expect(followed.isBehind("toy")).toBe(true);
  expect(held.revisionOf("toy")).toBe(5);
  expect(refused).toHaveLength(1);
  expect(logged.filter((line) => line.includes("crossfade rollout adopt toy"))).toHaveLength(1);
  read(at(6));
  expect(followed.isBehind("toy")).toBe(false);
  expect(logged.at(-1)).toContain("again");
});

test("a store that had lost it before the start is known for that by the first read", () => {
  const { followed, read } = openScene(at(40));
  read(at(3));
  expect(followed.isBehind("toy")).toBe(true);
});

test.each([
  ["invalid", "DATA_LOSS"],
  ["newer_format", "FAILED_PRECONDITION"],
] as const)(
  "what cannot be read, %s, is said once; what holds stays, and the store lost nothing",
  (kind, code) => {
    const { follower, followed, held, logged, refused, read } = openScene(at(5));
    const others = [{ model: "toy", why: new ServingError(code, "no rollout") }];
    for (let reads = 1; reads <= 3; reads++) follower.onRead?.([], others);
    expect(followed.isUnreadable("toy")).toBe(true);
    expect(followed.isBehind("toy")).toBe(false);
    expect(refused).toEqual([`toy ${kind}`]);
    expect(logged.filter((line) => line.includes("cannot be read"))).toHaveLength(1);
    expect(held.revisionOf("toy")).toBe(5);
    read(at(6));
    expect(followed.isUnreadable("toy")).toBe(false);
    expect(held.revisionOf("toy")).toBe(6);
  },
);

test("what is there to begin with gives way to any revision", () => {
  const { applied, read } = openScene(at(0));
  read(at(1));
  expect(applied.map(({ revision }) => revision)).toEqual([0, 1]);
});
