import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  RecommendResponse,
  RouteReason,
  type TrackCounts,
} from "./gen/crossfade/v1/recommender.ts";
import { appendRouted } from "./append-routed.ts";
import { encodeItemRecord } from "./item-record.ts";
import { createReplyWriter, type ReplyWriter } from "./reply-writer.ts";
import { idText } from "./request.arbitrary.ts";
import { encodeServedBy, type ServedRow } from "./served.ts";

interface Expected {
  readonly items: readonly { score: number; id: string; title: string; artist: string }[];
  readonly by: { model: string; version: string; backend: string };
  readonly coldStart: boolean;
  readonly degraded: string;
  readonly unknownCount: number;
  readonly unknownIds: readonly string[];
  readonly tracks?: TrackCounts | undefined;
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ maxLength: 300 }),
);
const count = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
const expected: fc.Arbitrary<Expected> = fc.record({
  items: fc.array(fc.record({ score: fc.float(), id: idText, title: text, artist: text }), {
    maxLength: 40,
  }),
  by: fc.record({ model: text, version: text, backend: text }),
  coldStart: fc.boolean(),
  degraded: fc.oneof(fc.constant(""), text),
  unknownCount: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  unknownIds: fc.array(idText, { maxLength: 20 }),
  tracks: fc.option(fc.record({ known: count, matched: count, new: count }), { nil: undefined }),
});

/** The records of all items behind each other, in memory that threads share, as a catalogue has them. */
function catalogueOf(items: Expected["items"]) {
  const records = items.map(({ id, title, artist }) => encodeItemRecord(id, title, artist));
  const size = records.reduce((sum, record) => sum + record.length, 0);
  const bytes = new Uint8Array(new SharedArrayBuffer(size + 3), 3);
  const starts: number[] = [];
  let at = 0;
  for (const record of records) {
    starts.push(at);
    bytes.set(record, at);
    at += record.length;
  }
  return { bytes, starts: [...starts, at] };
}

function rowOf({ unknownIds, ...row }: Omit<Expected, "items" | "by">): ServedRow {
  const request = Buffer.from(`--${unknownIds.join("")}--`);
  let at = 2;
  const spans = unknownIds.flatMap((id) => [at, (at += Buffer.byteLength(id))]);
  return { ...row, unknownIds: Int32Array.from(spans), request };
}

function write(writer: ReplyWriter, reply: Expected): Uint8Array {
  const { bytes, starts } = catalogueOf(reply.items);
  writer.begin(bytes);
  reply.items.forEach(({ score }, i) => writer.item(starts[i]!, starts[i + 1]!, score));
  writer.served(encodeServedBy(reply.by), rowOf(reply));
  return writer.finish();
}

function messageOf({ items, by, tracks, ...row }: Expected): RecommendResponse {
  return RecommendResponse.fromPartial({
    items: [...items],
    served: {
      ...row,
      model: by.model,
      modelVersion: by.version,
      backend: by.backend,
      unknownIds: [...row.unknownIds],
      ...(tracks !== undefined && { tracks }),
    },
  });
}

test("the generated code decodes what was meant, with one writer for all replies", () => {
  const writer = createReplyWriter();
  fc.assert(
    fc.property(expected, (reply) => {
      expect(RecommendResponse.decode(write(writer, reply))).toEqual(messageOf(reply));
    }),
    { numRuns: 1000 },
  );
});

test("the bytes are those of the generated code, but for scores of 0, which are written", () => {
  const writer = createReplyWriter();
  fc.assert(
    fc.property(expected, (reply) => {
      const items = reply.items.map((item) => ({ ...item, score: item.score || 1 }));
      const bytes = write(writer, { ...reply, items });
      expect(
        Buffer.compare(bytes, RecommendResponse.encode(messageOf({ ...reply, items })).finish()),
      ).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

const golden =
  "0a 0e 0d 00 00 80 3f 12 01 61 1a 01 54 22 01 41" + // item { score: 1, id: "a", title: "T", artist: "A" }
  "0a 08 0d 00 00 00 00 12 01 62" + // item { score: 0, id: "b" }
  "12 1b 0a 01 6d 12 01 37 1a 03 63 70 75 20 01 2a 01 64 30 02 3a 01 78" + // served
  "42 04 08 03 18 02"; // its track counts { known: 3, new: 2 }

test("golden bytes", () => {
  const bytes = write(createReplyWriter(), {
    items: [
      { score: 1, id: "a", title: "T", artist: "A" },
      { score: 0, id: "b", title: "", artist: "" },
    ],
    by: { model: "m", version: "7", backend: "cpu" },
    coldStart: true,
    degraded: "d",
    unknownCount: 2,
    unknownIds: ["x"],
    tracks: { known: 3, matched: 0, new: 2 },
  });
  expect(Buffer.from(bytes).toString("hex")).toBe(golden.replaceAll(" ", ""));
});

test("the buffer grows while a reply is being written", () => {
  const items = Array.from({ length: 1_000 }, (_, i) => ({
    score: i,
    id: `t${i}`,
    title: "long".repeat(i % 40),
    artist: "longer".repeat(i % 30),
  }));
  const by = { model: "m", version: "1", backend: "cpu" };
  const unknownIds = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(500));
  const reply = { items, by, coldStart: false, degraded: "", unknownCount: 20, unknownIds };
  expect(RecommendResponse.decode(write(createReplyWriter(), reply))).toEqual(messageOf(reply));
  const onlyServed = { ...reply, items: [] };
  expect(RecommendResponse.decode(write(createReplyWriter(), onlyServed))).toEqual(
    messageOf(onlyServed),
  );
});

test("a reply stays as it is when the writer goes on", () => {
  const writer = createReplyWriter();
  const reply = {
    by: { model: "m", version: "1", backend: "cpu" },
    degraded: "",
    unknownCount: 0,
    unknownIds: [],
  };
  const first = write(writer, {
    ...reply,
    items: [{ score: 2, id: "a", title: "", artist: "" }],
    coldStart: false,
  });
  const before = Buffer.from(first).toString("hex");
  write(writer, {
    ...reply,
    items: [{ score: 3, id: "b", title: "", artist: "" }],
    coldStart: true,
  });
  expect(Buffer.from(first).toString("hex")).toBe(before);
});

test("what was begun and not finished is not in the next reply", () => {
  const writer = createReplyWriter();
  const { bytes, starts } = catalogueOf([{ score: 0, id: "abandoned", title: "", artist: "" }]);
  writer.begin(bytes);
  writer.item(starts[0]!, starts[1]!, 1);
  writer.begin(bytes);
  expect(writer.finish()).toHaveLength(0);
});

test("of many unknown ids the first 20 are named", () => {
  const unknownIds = Array.from({ length: 30 }, (_, i) => `u${i}`);
  const writer = createReplyWriter();
  writer.begin(new Uint8Array());
  writer.served(
    new Uint8Array(),
    rowOf({ coldStart: false, degraded: "", unknownCount: 30, unknownIds }),
  );
  const { served } = RecommendResponse.decode(writer.finish());
  expect(served).toMatchObject({ unknownCount: 30, unknownIds: unknownIds.slice(0, 20) });
});

test("a router's fields go behind a reply without changing it", () => {
  const reply = Buffer.from(golden.replaceAll(" ", ""), "hex");
  const routed = { arm: "canary", reason: RouteReason.BUCKET, attempts: 1, degraded: "" };
  const bytes = appendRouted(reply, routed, "r-1");
  expect(RecommendResponse.decode(bytes)).toEqual({
    ...RecommendResponse.decode(reply),
    routed,
    recommendationId: "r-1",
  });
  expect(Buffer.compare(bytes.subarray(0, reply.length), reply)).toBe(0);
});
