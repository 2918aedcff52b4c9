import { expect, test, vi } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { eventOf } from "./event.fixture.ts";
import { silentFeedbackMeter } from "./feedback-meter.ts";
import type { FeedbackSink } from "./feedback-sink.ts";
import { createRecorder } from "./recorder.ts";
import { brokenSink } from "./sink-failure.ts";

/** A sink that acts only when it is told to. */
function createPuppetSink() {
  const appending: { readonly id: string; end(error?: Error): void }[] = [];
  let recalls: (readonly string[] | Error)[] = [];
  const sink: FeedbackSink = {
    name: "puppet",
    append: ({ eventId: id }) =>
      new Promise((resolve, reject) => {
        appending.push({ id, end: (error) => (error ? reject(error) : resolve()) });
      }),
    async *recall() {
      const next = recalls.shift() ?? [];
      if (next instanceof Error) throw next;
      for (const eventId of next) yield { eventId, user: event.user, receivedMs: Date.now() };
    },
    close: async () => {},
  };
  return { sink, appending, recallNext: (...next: typeof recalls) => void (recalls = next) };
}

const event = eventOf(1);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a repeat of what is being kept shares its fate, and then the id is free again", async () => {
  const { sink, appending } = createPuppetSink();
  const recorder = createRecorder(sink);
  const both = [recorder.record(event), recorder.record(event)];
  await turn();
  expect(appending).toHaveLength(1);
  appending[0]!.end(brokenSink(new Error("EIO")));
  for (const one of both) await expect(one).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  const again = recorder.record(event);
  await turn();
  appending[1]!.end();
  expect(await again).toBe("accepted");
  expect(await recorder.record(event)).toBe("repeated");
});

test("what was kept before is read from the start on, and again by the next event when that fails", async () => {
  const { sink, appending, recallNext } = createPuppetSink();
  recallNext(brokenSink(new Error("ECONNREFUSED")), ["e1"]);
  const recorder = createRecorder(sink);
  const other = recorder.record(eventOf(2));
  await vi.waitUntil(() => appending.length === 1);
  appending[0]!.end();
  expect(await other).toBe("accepted");
  expect(await recorder.record(event)).toBe("repeated");
  expect(appending).toHaveLength(1);
});

test("events are taken while what was kept before takes long to read", async () => {
  const { sink, appending } = createPuppetSink();
  let goOn!: () => void;
  const reading = new Promise<void>((resolve) => (goOn = resolve));
  async function* recall() {
    await reading;
    yield { ...event, receivedMs: Date.now() };
  }
  const recorder = createRecorder({ ...sink, recall }, { recallMs: 0 });
  const taken = recorder.record(eventOf(2));
  await vi.waitUntil(() => appending.length === 1);
  appending[0]!.end();
  expect(await taken).toBe("accepted");
  goOn();
  await turn();
  expect(await recorder.record(event)).toBe("repeated");
});

test("two users' events by one id are two", async () => {
  const { sink, appending } = createPuppetSink();
  const recorder = createRecorder(sink);
  const both = [event, { ...event, user: "bob", liked: "p9" }].map((one) => recorder.record(one));
  await vi.waitUntil(() => appending.length === 2);
  for (const one of appending) one.end();
  expect(await Promise.all(both)).toEqual(["accepted", "accepted"]);
  expect(await recorder.record({ ...event, user: "bob" })).toBe("repeated");
});

test("what memory does not hold is kept again, and told", async () => {
  const { sink, appending } = createPuppetSink();
  const told: number[] = [];
  const meter = { ...silentFeedbackMeter, forgotten: (ids: number) => void told.push(ids) };
  const recorder = createRecorder(sink, { maxIds: 1, meter });
  for (const number of [1, 2, 1]) {
    const recorded = recorder.record(eventOf(number));
    await turn();
    appending.at(-1)!.end();
    expect(await recorded).toBe("accepted");
  }
  expect(appending.map(({ id }) => id)).toEqual(["e1", "e2", "e1"]);
  expect(told).toEqual([0, 1, 2]);
});
