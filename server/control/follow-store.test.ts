import { expect, test } from "vitest";
import type { Distribution } from "../../router/distribution.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
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
    follower.onRead?.(rollouts.map(({ distribution }) => distribution.model));
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
  ["invalid", at(7, { arms: [] })],
  ["newer_format", { ...at(7), format: 2 } as unknown as Rollout],
])("a document that is %s is refused once, and what holds stays", async (why, bad) => {
  const { followed, held, logged, refused, read } = openScene();
  read(at(5));
  read(bad);
  read(bad);
  await followed.firstRead;
  expect(refused).toEqual([`toy ${why}`]);
  expect(logged.filter((line) => line.includes("rollout refused"))).toHaveLength(1);
  expect(held.revisionOf("toy")).toBe(5);
});

test("what is there to begin with gives way to any revision", () => {
  const { applied, read } = openScene(at(0));
  read(at(1));
  expect(applied.map(({ revision }) => revision)).toEqual([0, 1]);
});
