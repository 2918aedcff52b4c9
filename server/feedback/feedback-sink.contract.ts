import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { baseMs, eventOf, gather } from "./event.fixture.ts";
import type { FeedbackEvent, RecordedEvent } from "./feedback-event.ts";
import type { FeedbackSink, FeedbackSource } from "./feedback-sink.ts";
import { createRecorder } from "./recorder.ts";

/** A place of its own for each test. */
export interface SinkPlace extends AsyncDisposable {
  /** Another process, or the same one after a restart. */
  open(): Promise<FeedbackSink>;
  openSource(): FeedbackSource | Promise<FeedbackSource>;
}

const codeOf = (error: unknown) => (error as { code: Code }).code;

async function readAll(place: SinkPlace): Promise<RecordedEvent[]> {
  await using source = await place.openSource();
  return await gather(source.read({ sinceMs: 0 }));
}

/** What every sink keeps to. */
export function testFeedbackSink(openPlace: () => Promise<SinkPlace>): void {
  describe("a sink", () => {
    test("gives back what it was given, whatever it holds", async () => {
      await using place = await openPlace();
      const events = [
        eventOf(0),
        eventOf(1, { eventId: 'quotes " and \\ and \n', user: "ünï 𝄞", others: [] }),
        eventOf(2, { recommendationId: "", liked: "\u2028\u0001" }),
        eventOf(3, { others: Array.from({ length: 1_000 }, (_, i) => `${i}`.padStart(127, "0")) }),
      ];
      const sink = await place.open();
      for (const event of events) await sink.append(event);
      await sink.close();
      expect(await readAll(place)).toEqual(events);
    });

    test("has what it acknowledged while it is still open", async () => {
      await using place = await openPlace();
      const sink = await place.open();
      await sink.append(eventOf(1));
      expect(await readAll(place)).toEqual([eventOf(1)]);
      await sink.close();
    });

    test("keeps thousands that come at once, each once", async () => {
      await using place = await openPlace();
      const sink = await place.open();
      const events = Array.from({ length: 3_000 }, (_, i) => eventOf(i));
      await Promise.all(events.map((event) => sink.append(event)));
      await sink.close();
      expect((await readAll(place)).map(({ eventId }) => eventId)).toEqual(
        events.map(({ eventId }) => eventId),
      );
    });

    test("closing keeps what was appended before, and refuses what comes after", async () => {
      await using place = await openPlace();
      const sink = await place.open();
      const appended = [1, 2, 3].map((number) => sink.append(eventOf(number)));
      const closed = sink.close();
      const late = sink.append(eventOf(4));
      await expect(late).rejects.toSatisfy((error) => codeOf(error) === Code.UNAVAILABLE);
      await Promise.all([...appended, closed]);
      await sink.close();
      expect(await readAll(place)).toHaveLength(3);
    });

    test("two at one place: both are read, as they came", async () => {
      await using place = await openPlace();
      const [one, other] = [await place.open(), await place.open()];
      for (let i = 0; i < 40; i++) await (i % 3 === 0 ? one : other).append(eventOf(i));
      await Promise.all([one.close(), other.close()]);
      expect((await readAll(place)).map(({ eventId }) => eventId)).toEqual(
        Array.from({ length: 40 }, (_, i) => `e${i}`),
      );
    });

    test("recalls what came since, also what others took", async () => {
      await using place = await openPlace();
      const [one, other] = [await place.open(), await place.open()];
      for (let i = 0; i < 10; i++) await (i < 5 ? one : other).append(eventOf(i));
      await one.close();
      const again = await place.open();
      const recalled = await gather(again.recall(baseMs + 3_000));
      expect(new Map(recalled.map(({ eventId, receivedMs }) => [eventId, receivedMs]))).toEqual(
        new Map(Array.from({ length: 7 }, (_, i) => [`e${i + 3}`, baseMs + 1_000 * (i + 3)])),
      );
      await Promise.all([other.close(), again.close()]);
    });

    test("reads what came since, and tells how far it is", async () => {
      await using place = await openPlace();
      const sink = await place.open();
      for (let i = 0; i < 20; i++) await sink.append(eventOf(i));
      await sink.close();
      await using source = await place.openSource();
      const shares: number[] = [];
      const read = await gather(
        source.read({ sinceMs: baseMs + 15_000, onProgress: (share) => shares.push(share) }),
      );
      expect(read.map(({ eventId }) => eventId)).toEqual(["e15", "e16", "e17", "e18", "e19"]);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect(shares.at(-1)).toBe(1);
    });

    test("nothing is there before anything came", async () => {
      await using place = await openPlace();
      const sink = await place.open();
      expect(await readAll(place)).toEqual([]);
      expect(await gather(sink.recall(0))).toEqual([]);
      await sink.close();
    });
  });

  describe("a recorder over a sink", () => {
    let nowMs = baseMs;
    const now = () => nowMs;
    const event: FeedbackEvent = eventOf(1);

    test("takes an event once, also when it comes again while it is being kept", async () => {
      await using place = await openPlace();
      const recorder = createRecorder(await place.open(), { now });
      const results = await Promise.all([recorder.record(event), recorder.record(event)]);
      expect(results.toSorted()).toEqual(["accepted", "repeated"]);
      expect(await recorder.record({ ...event, liked: "p9" })).toBe("repeated");
      await recorder.close();
      expect(await readAll(place)).toHaveLength(1);
    });

    test("knows after a restart what it took before, for 24 hours", async () => {
      await using place = await openPlace();
      nowMs = baseMs;
      const first = createRecorder(await place.open(), { now });
      expect(await first.record(event)).toBe("accepted");
      await first.close();
      nowMs += 86_399_000;
      const second = createRecorder(await place.open(), { now });
      expect(await second.record(event)).toBe("repeated");
      nowMs += 1_000;
      expect(await second.record(event)).toBe("accepted");
      expect(await second.record(event)).toBe("repeated");
      await second.close();
      expect(await readAll(place)).toHaveLength(2);
    });
  });
}
