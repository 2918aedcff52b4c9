import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecommendResponse } from "./gen/crossfade/v1/recommender.ts";
import { encodeItemRecord, idFieldOffset, scoreOffset } from "./item-record.ts";
import { idText } from "./request.arbitrary.ts";

test("a record is a reply of one item with score 0, and says where its parts are", () => {
  fc.assert(
    fc.property(idText, fc.string({ unit: "grapheme", maxLength: 200 }), (id, title) => {
      const record = Buffer.from(encodeItemRecord(id, title));
      expect(RecommendResponse.decode(record).items).toEqual([{ score: 0, id, title }]);
      expect(record.readFloatLE(scoreOffset(record, 0))).toBe(0);
      expect(record[idFieldOffset(record, 0)]).toBe(0x12);
      record.writeFloatLE(2.5, scoreOffset(record, 0));
      expect(RecommendResponse.decode(record).items).toEqual([{ score: 2.5, id, title }]);
    }),
  );
});
