import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { oneAtATime } from "./one-at-a-time.ts";

test("in the order in which they came, and never two at once, whatever becomes of them", async () => {
  const turns = oneAtATime(10);
  const log: string[] = [];
  const task = (name: string, fails = false) =>
    turns.take(async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([task("a"), task("b", true), task("c")]);
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("more than may wait are refused; idle is when all are done", async () => {
  const turns = oneAtATime(2);
  let done = 0;
  const task = () => turns.take(async () => void done++);
  const both = [task(), task()];
  await expect(task()).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  await turns.idle();
  expect(done).toBe(2);
  await Promise.all(both);
  await task();
  expect(done).toBe(3);
});
