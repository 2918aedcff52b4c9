import { expect, test } from "vitest";
import { createVirtualClock } from "../../backends/virtual-clock.ts";
import { Code } from "../../proto/serving-error.ts";
import { createGroupCommit } from "./group-commit.ts";

/** Commits that end when they are told to, on a clock that stands still. */
function openScene(
  options: { readonly maxGroupBytes?: number; readonly maxQueuedBytes?: number } = {},
) {
  const clock = createVirtualClock();
  const commits: { items: readonly number[]; atMs: number; end: (error?: Error) => void }[] = [];
  const group = createGroupCommit<number>({
    commit: (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve());
        commits.push({ items, atMs: clock.now(), end });
      }),
    gapMs: 20,
    maxGroupBytes: 100,
    maxQueuedBytes: 1_000,
    clock,
    ...options,
  });
  const settled: number[] = [];
  const add = (item: number, bytes = 1) =>
    group.add(item, bytes).then(() => void settled.push(item));
  return { clock, commits, group, add, settled };
}

test("what comes together is committed together, and settles when it is", async () => {
  const { clock, commits, add, settled } = openScene();
  const added = [add(1), add(2)];
  await clock.advanceTo(0);
  expect(commits).toMatchObject([{ items: [1, 2] }]);
  expect(settled).toEqual([]);
  commits[0]!.end();
  await Promise.all(added);
});

test("what comes meanwhile waits for the commit under way, and for the gap", async () => {
  const { clock, commits, add } = openScene();
  const first = add(1);
  await clock.advanceTo(5);
  const meanwhile = [add(2), add(3)];
  await clock.advanceTo(10);
  commits[0]!.end();
  await first;
  await clock.advanceTo(19);
  expect(commits).toHaveLength(1);
  await clock.advanceTo(20);
  expect(commits[1]).toMatchObject({ items: [2, 3], atMs: 20 });
  commits[1]!.end();
  await Promise.all(meanwhile);
});

test("after a commit longer than the gap the next one starts at once", async () => {
  const { clock, commits, add } = openScene();
  const first = add(1);
  await clock.advanceTo(50);
  const second = add(2);
  commits[0]!.end();
  await first;
  await clock.advanceTo(50);
  expect(commits[1]).toMatchObject({ items: [2], atMs: 50 });
  commits[1]!.end();
  await second;
});

test("a failure is that of its group alone", async () => {
  const { clock, commits, add } = openScene();
  const failing = [add(1), add(2)];
  await clock.advanceTo(0);
  const next = add(3);
  commits[0]!.end(new Error("the disk is gone"));
  for (const one of failing) await expect(one).rejects.toThrow("the disk is gone");
  await clock.advanceTo(20);
  commits[1]!.end();
  await next;
});

test("a group is not larger than it may be, but for one that is larger by itself", async () => {
  const { clock, commits, add } = openScene({ maxGroupBytes: 10 });
  const added = [add(1, 4), add(2, 6), add(3, 1), add(4, 50), add(5, 1)];
  for (let i = 0; i < 4; i++) {
    await clock.advanceTo(20 * i);
    commits[i]!.end();
  }
  await Promise.all(added);
  expect(commits.map(({ items }) => items)).toEqual([[1, 2], [3], [4], [5]]);
});

test("more than may wait is refused, and taken again when there is room", async () => {
  const { clock, commits, add } = openScene({ maxQueuedBytes: 10 });
  const first = add(1, 10);
  const refused = { code: Code.RESOURCE_EXHAUSTED, trailers: { "grpc-retry-pushback-ms": "500" } };
  await expect(add(2, 1)).rejects.toMatchObject(refused);
  await clock.advanceTo(0);
  const second = add(3, 10);
  commits[0]!.end();
  await first;
  await clock.advanceTo(20);
  commits[1]!.end();
  await second;
});

test("closing commits what waits without a pause, and refuses the rest", async () => {
  const { clock, commits, group, add } = openScene();
  const first = add(1);
  await clock.advanceTo(1);
  const second = add(2);
  const closed = group.close();
  await expect(add(3)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  commits[0]!.end();
  await first;
  await clock.advanceTo(1);
  commits[1]!.end();
  await Promise.all([second, closed]);
  await group.close();
});
