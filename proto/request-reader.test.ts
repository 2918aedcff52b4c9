import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecommendRequest } from "./gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "./request-limits.ts";
import { createRequestReader } from "./request-reader.ts";
import type { RequestView } from "./request-view.ts";
import { mutated, refusalOf, requestBytes } from "./request.arbitrary.ts";
import type { Spans } from "./spans.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function messageOf(view: RequestView): RecommendRequest {
  const { bytes } = view;
  const text = (start: number, end: number) => decoder.decode(bytes.subarray(start, end));
  const texts = ({ count, width, offsets }: Spans) =>
    Array.from({ length: (count * width) / 2 }, (_, i) =>
      text(offsets[2 * i]!, offsets[2 * i + 1]!),
    );
  const names = texts(view.tracks);
  return {
    model: text(view.modelStart, view.modelEnd),
    userId: text(view.userStart, view.userEnd),
    modelVersion: text(view.versionStart, view.versionEnd),
    history: texts(view.history),
    tracks: Array.from({ length: view.tracks.count }, (_, i) => ({
      title: names[2 * i]!,
      artist: names[2 * i + 1]!,
    })),
    candidates: texts(view.candidates),
    exclude: texts(view.exclude),
    excludeHistory: view.excludeHistory,
    topK: view.topK,
  };
}

function decoded(bytes: Uint8Array): RecommendRequest {
  const message = RecommendRequest.decode(bytes);
  return { ...message, topK: message.topK ?? 10 };
}

const encoded = (request: Parameters<typeof RecommendRequest.fromPartial>[0]) =>
  RecommendRequest.encode(RecommendRequest.fromPartial(request)).finish();

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

test("reads what the generated code reads, with one reader for all requests", () => {
  const reader = createRequestReader();
  fc.assert(
    fc.property(requestBytes, (bytes) => {
      expect(messageOf(reader.read(bytes))).toEqual(decoded(bytes));
    }),
    { numRuns: 1000 },
  );
});

test("a truncated request is refused or read as the generated code reads it, and never past its end", () => {
  const reader = createRequestReader();
  fc.assert(
    fc.property(requestBytes, (bytes) => {
      for (let length = 0; length < bytes.length; length++) {
        // Behind the end of the view there is what would complete the message; behind the copy there is nothing.
        const view = bytes.subarray(0, length);
        const refusal = refusalOf(() => reader.read(view));
        expect(refusalOf(() => reader.read(new Uint8Array(bytes.subarray(0, length))))).toBe(
          refusal,
        );
        if (refusal === undefined) expect(messageOf(reader.read(view))).toEqual(decoded(view));
      }
    }),
    { numRuns: 30 },
  );
});

test("a damaged request is refused with INVALID_ARGUMENT or read as the generated code reads it", () => {
  const reader = createRequestReader();
  let readAnyway = 0;
  fc.assert(
    fc.property(fc.oneof(mutated(requestBytes), fc.uint8Array({ maxLength: 60 })), (bytes) => {
      if (refusalOf(() => reader.read(bytes)) !== undefined) return;
      readAnyway++;
      expect(messageOf(reader.read(bytes))).toEqual(decoded(bytes));
    }),
    { numRuns: 3000 },
  );
  expect(readAnyway).toBeGreaterThan(50);
});

test("golden bytes", () => {
  const bytes = hex(
    "0a 01 6d  12 02 75 31  1a 01 37  22 01 61  22 02 c3 a9  2a 05 0a 01 54 12 00  32 01 63  3a 01 78  40 01  48 ac 02",
  );
  expect(messageOf(createRequestReader().read(bytes))).toEqual({
    model: "m",
    userId: "u1",
    modelVersion: "7",
    history: ["a", "é"],
    tracks: [{ title: "T", artist: "" }],
    candidates: ["c"],
    exclude: ["x"],
    excludeHistory: true,
    topK: 300,
  });
});

test("an empty request has the defaults", () => {
  expect(messageOf(createRequestReader().read(new Uint8Array()))).toEqual({
    ...RecommendRequest.fromPartial({}),
    topK: 10,
  });
  const small = createRequestReader({ ...defaultRequestLimits, maxTopK: 5 });
  expect(small.read(new Uint8Array()).topK).toBe(5);
});

test.each([
  ["a repeated model", "0a 01 6d 0a 01 6d", "model appears more than once"],
  ["a repeated user_id, the first empty", "12 00 12 01 75", "user_id appears more than once"],
  [
    "a repeated model_version",
    "1a 01 31 22 01 61 1a 01 32",
    "model_version appears more than once",
  ],
  [
    "a length past the end",
    "22 05 61",
    "malformed at byte 2: a length of 5 bytes where 1 are left",
  ],
  ["a length of 4 GiB", "22 ff ff ff ff 0f", "a length of 4294967295 bytes where 0 are left"],
  [
    "a length over 32 bits",
    "22 ff ff ff ff 1f 61",
    "malformed at byte 1: a tag or length has more than 32 bits",
  ],
  ["a length of six bytes", "22 81 80 80 80 80 00 61", "a tag or length has more than 32 bits"],
  ["an end inside a length", "22 81", "it ends inside a tag or length"],
  ["an end behind a tag", "0a", "it ends inside a tag or length"],
  ["an end inside a varint", "48 81", "malformed at byte 1: it ends inside a varint"],
  ["a varint over 64 bits", "48 ff ff ff ff ff ff ff ff ff 02", "a varint has more than 64 bits"],
  [
    "a varint of eleven bytes",
    "48 80 80 80 80 80 80 80 80 80 80 00",
    "a varint has more than 64 bits",
  ],
  ["field 0", "02 01 61", "field number 0 does not exist"],
  ["a group", "53 54", "field 10 has wire type 3 (group start), which proto3 does not use"],
  ["a group in place of a known field", "23 24", "field 4 cannot have wire type 3 (group start)"],
  ["wire type 7", "57", "field 10 has wire type 7 (undefined)"],
  ["user_id as a number", "10 01", "field 2 cannot have wire type 0 (varint)"],
  ["history as a 32-bit value", "25 01 02 03 04", "field 4 cannot have wire type 5 (32-bit)"],
  ["top_k as text", "4a 01 31", "field 9 cannot have wire type 2 (length-delimited)"],
  ["an unknown 64-bit value cut off", "51 01 02 03", "a value of 8 bytes where 3 are left"],
  ["a title that leaves its track", "2a 03 0a 02 54 54", "a length of 2 bytes where 1 are left"],
  [
    "a track that ends behind a tag",
    "2a 01 0a 01 54",
    "malformed at byte 3: it ends inside a tag or length",
  ],
  [
    "a track with 1,003 titles",
    `2a d6 0f ${"0a 00 ".repeat(1_003).trim()}`,
    "more than 1000 of its fields are unknown or repeat a value",
  ],
  ["a track's title as a number", "2a 02 08 01", "field 1 cannot have wire type 0 (varint)"],
  ["a track of nothing", "2a 03 0a 01 54 2a 00", "tracks[1] has neither a title nor an artist"],
  ["a track with empty names", "2a 04 0a 00 12 00", "tracks[0] has neither a title nor an artist"],
  [
    "a track whose title is taken back",
    "2a 05 0a 01 54 0a 00",
    "tracks[0] has neither a title nor an artist; give it one, or leave it out",
  ],
  [
    "a track with only what nobody knows",
    "2a 03 1a 01 54",
    "tracks[0] has neither a title nor an artist",
  ],
  ["a title that is no text", "2a 04 0a 02 c3 28", "tracks[0].title is not valid UTF-8; send text"],
  ["an artist cut inside a character", "2a 06 0a 01 54 12 01 c3", "tracks[0].artist is not valid"],
  ["half of a surrogate pair", "2a 05 12 03 ed a0 80", "tracks[0].artist is not valid UTF-8"],
  ["a NUL in user_id", "12 03 75 00 31", "user_id has a NUL character"],
  ["a NUL in an id", "22 01 61 22 02 62 00", "history[1] has a NUL character"],
  ["an empty id", "32 01 61 32 00", "candidates[1] is an empty id"],
  ["top_k 0", "48 00", "top_k is 0; it must be between 1 and 1000"],
  ["top_k -1", "48 ff ff ff ff ff ff ff ff ff 01", "top_k is -1; it must be between 1 and 1000"],
  ["top_k 1,001", "48 e9 07", "top_k is 1001; it must be between 1 and 1000"],
])("refuses %s", (_, bytes, message) => {
  expect(refusalOf(() => createRequestReader().read(hex(bytes)))).toContain(message);
});

test("zero bytes elsewhere are no NUL in an id", () => {
  // exclude_history = false, an unknown fixed32 of 0, an id.
  const view = createRequestReader().read(hex("40 00 55 00 00 00 00 22 01 61"));
  expect(messageOf(view).history).toEqual(["a"]);
});

test.each(["history", "candidates", "exclude"] as const)(
  "%s: as many as allowed, not one more",
  (field) => {
    const reader = createRequestReader();
    const ids = Array.from({ length: 10_000 }, (_, i) => `t${i}`);
    expect(messageOf(reader.read(encoded({ [field]: ids })))[field]).toEqual(ids);
    const refusal = refusalOf(() => reader.read(encoded({ [field]: [...ids, "one more"] })));
    expect(refusal).toBe(`${field} has more than 10000 elements; send at most 10000`);
  },
);

test("tracks: a thousand, not one more", () => {
  const reader = createRequestReader();
  const tracks = Array.from({ length: 1_000 }, (_, i) => ({ title: `t${i}`, artist: "" }));
  expect(messageOf(reader.read(encoded({ tracks }))).tracks).toEqual(tracks);
  const refusal = refusalOf(() => reader.read(encoded({ tracks: [...tracks, { title: "t" }] })));
  expect(refusal).toBe("tracks has more than 1000 elements; send at most 1000");
});

test("names of tracks: NULs and all kinds of text, 64 KiB of it and no more", () => {
  const reader = createRequestReader();
  const tracks = [
    { title: "a\0b", artist: "\0" },
    { title: "", artist: "\u{1f3b8}\u200d\u05d0\u0301" },
    { title: "é".repeat(32_768), artist: "" },
  ];
  expect(messageOf(reader.read(encoded({ tracks }))).tracks).toEqual(tracks);
  for (const name of ["title", "artist"]) {
    const long = [{ title: "t" }, { [name]: "x".repeat(65_537) }];
    const refusal = refusalOf(() => reader.read(encoded({ tracks: long })));
    expect(refusal).toBe(`tracks[1].${name} has 65537 bytes; send at most 65536`);
  }
});

test("tracks: limits are configurable", () => {
  const reader = createRequestReader({ ...defaultRequestLimits, maxTracks: 2, maxExclude: 0 });
  const tracks = [{ title: "a", artist: "b" }, { title: "c" }];
  expect(reader.read(encoded({ tracks })).tracks.count).toBe(2);
  const refusal = refusalOf(() => reader.read(encoded({ tracks: [...tracks, {}] })));
  expect(refusal).toBe("tracks has more than 2 elements; send at most 2");
  expect(refusalOf(() => reader.read(encoded({ exclude: ["a"] })))).toContain(
    "exclude has more than 0 elements",
  );
});

test("memory follows the elements that came, not the lengths that were claimed", () => {
  const reader = createRequestReader();
  const capacity = reader.read(new Uint8Array()).history.offsets.length;
  refusalOf(() => reader.read(hex("22 ff ff ff ff 07 61")));
  expect(reader.read(new Uint8Array()).history.offsets.length).toBe(capacity);
  const view = reader.read(encoded({ history: Array.from({ length: 10_000 }, () => "a") }));
  expect(view.history.offsets.length).toBe(20_000);
});
