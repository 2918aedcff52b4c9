import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { copyFrame } from "./frame.ts";
import { createGate, enter, leave } from "./gate.ts";
import { sessionOptions } from "./provider.ts";
import { sampleFeeds, sampleGraph } from "./sample-graph.ts";
import { openSessionThread } from "./session-thread.ts";

/** Of nobody: what it is inside of hangs for the others. */
const strangerId = 1_000_000;

const handles = () =>
  process.getActiveResourcesInfo().filter((kind) => /Worker|MessagePort/.test(kind));

async function openHangable() {
  const gate = createGate();
  const thread = await openSessionThread({
    plan: {
      runtime: "onnxruntime-node",
      options: sessionOptions("cpu", { intraOpThreads: 1, deviceId: 0 }),
      graph: sampleGraph(),
      externalData: [],
      lowPriorityLoad: false,
      gate,
    },
    warmUp: [],
  });
  const feeds = sampleFeeds(2);
  const run = () => thread.run(copyFrame(thread.inputs.map(({ name }) => feeds[name as "ids"])));
  return { thread, run, hang: () => enter(gate, strangerId), goOn: () => leave(gate, strangerId) };
}

test("a thread that hangs can be abandoned: its runs fail, it keeps nothing alive, and it ends when it comes back", async () => {
  const before = handles();
  const { thread, run, hang, goOn } = await openHangable();
  await run();
  hang();
  const runs = [run(), run()];
  const stopped = thread.stop();
  thread.abandon(new Error("hangs"));
  for (const one of runs)
    await expect(one).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      cause: { message: "hangs" },
    });
  await stopped;
  expect(await thread.ended).toMatchObject({ message: "hangs" });
  expect(handles()).toEqual(before);
  const exits = process.listenerCount("exit");
  expect(exits, "an exit of the process still waits for it").toBeGreaterThan(0);
  goOn();
  await expect.poll(() => process.listenerCount("exit")).toBe(exits - 1);
});

test("what has ended is not abandoned", async () => {
  const { thread } = await openHangable();
  await thread.stop();
  thread.abandon(new Error("hangs"));
  expect(await thread.ended).toBe(undefined);
});
