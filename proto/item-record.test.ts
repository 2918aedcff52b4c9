import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecommendResponse } from "./gen/crossfade/v1/recommender.ts";
import { encodeItemRecord, idFieldOffset, scoreOffset } from "./item-record.ts";
import { idText, text } from "./request.arbitrary.ts";

test("a record is a reply of one item with score 0, and says where its parts are", () => {
  fc.assert(
    fc.property(idText, text, text, (id, title, artist) => {
      const record = Buffer.from(encodeItemRecord(id, title, artist));
      expect(RecommendResponse.decode(record).items).toEqual([{ score: 0, id, title, artist }]);
      expect(record.readFloatLE(scoreOffset(record, 0))).toBe(0);
      expect(record[idFieldOffset(record, 0)]).toBe(0x12);
      record.writeFloatLE(2.5, scoreOffset(record, 0));
      expect(RecommendResponse.decode(record).items).toEqual([{ score: 2.5, id, title, artist }]);
    }),
  );
});

test("without an artist the record is what it was before there were any", () => {
  expect(encodeItemRecord("a", "T")).toEqual(encodeItemRecord("a", "T", ""));
  expect(Buffer.from(encodeItemRecord("a", "T")).toString("hex")).toBe(
    "0a0b0d000000001201611a0154",
  );
});
