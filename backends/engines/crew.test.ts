import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createCrew } from "./crew.ts";
import { type PuppetThread, puppetThread } from "./session-thread.puppet.ts";

const call = { deadlineMs: Infinity, signal: new AbortController().signal };

function crewOf(threads: PuppetThread[]) {
  const clock = createVirtualClock();
  const abandoned: string[] = [];
  const events: string[] = [];
  const crew = createCrew({
    name: "cpu",
    threads,
    open() {
      events.push("opening");
      return new Promise(() => {});
    },
    maxWaiting: 8,
    lost: () => {},
    closeMs: 100,
    abandoned: (why) => abandoned.push(why.message),
    clock,
  });
  const run = () => {
    const ran = crew.run(new ArrayBuffer(1), call);
    void ran.then(
      () => events.push("ran"),
      () => events.push("failed"),
    );
    return ran;
  };
  const close = () => crew.close().then(() => events.push("closed"));
  return { clock, abandoned, events, run, close };
}

test("a crew closes after the runs in flight, and leaves no timer", async () => {
  const thread = puppetThread();
  const { clock, abandoned, events, run, close } = crewOf([thread]);
  void run();
  const closed = close();
  await clock.advanceTo(99);
  expect(events).toEqual([]);
  thread.answer();
  await closed;
  expect(events).toEqual(["ran", "closed"]);
  expect(await clock.step()).toBe(false);
  expect(abandoned).toEqual([]);
});

test("a crew whose thread hangs closes in the end: its runs fail, waiting ones too, and it says so", async () => {
  const [hung, idle] = [puppetThread(), puppetThread()];
  const { clock, abandoned, events, run, close } = crewOf([hung, idle]);
  const runs = [1, 2, 3, 4, 5].map(run);
  idle.answer();
  idle.answer();
  await runs[1];
  const closed = close();
  await clock.advanceTo(100);
  await closed;
  expect(events.filter((event) => event === "failed")).toHaveLength(3);
  expect(events.at(-1)).toBe("closed");
  for (const one of [0, 2, 4])
    await expect(runs[one]).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect(hung.isOpen()).toBe(false);
  expect(abandoned).toEqual([expect.stringContaining('engine "cpu" did not close within 100 ms')]);
});

test("a crew closes in the end though a replacement is being opened for ever", async () => {
  const thread = puppetThread();
  const { clock, abandoned, events, close } = crewOf([thread]);
  thread.die(new Error("crash"));
  await expect.poll(() => events).toEqual(["opening"]);
  const closed = close();
  await clock.advanceTo(100);
  await closed;
  expect(abandoned).toHaveLength(1);
});
