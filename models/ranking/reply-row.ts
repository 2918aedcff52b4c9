import type { ReplyWriter } from "../../proto/reply-writer.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { RowResult } from "../family.ts";
import type { ItemMarks } from "./item-marks.ts";
import type { Popularity } from "./popularity.ts";
import type { RankingRow } from "./row.ts";
import type { Tally } from "./tally.ts";

export interface ReplySources {
  readonly writer: ReplyWriter;
  readonly items: Catalogue;
  readonly popularity: Popularity;
  readonly marks: ItemMarks;
  readonly tally: Omit<Tally, "recommended">;
}

export interface RowReplier {
  /** @param by From `encodeServedBy`. */
  ranked(row: RankingRow, by: Uint8Array, results: RowResult): Uint8Array;
  popular(row: RankingRow, by: Uint8Array): Uint8Array;
}

export function createRowReplier(sources: ReplySources): RowReplier {
  const { writer, items, popularity, marks, tally } = sources;

  const add = (item: number, score: number) => {
    writer.item(items.start(item), items.end(item), score);
    tally.item(item);
  };

  const finish = ({ coldStart, unknown, tracks }: RankingRow, by: Uint8Array) => {
    writer.served(by, {
      coldStart,
      degraded: "",
      unknownCount: unknown.count,
      unknownIds: unknown.spans,
      request: unknown.bytes,
      tracks,
    });
    tally.ids(unknown.idCount);
    if (tracks !== undefined) tally.tracks(tracks);
    return writer.finish();
  };

  return {
    ranked(row, by, { outputs, index }) {
      const ids = outputs["ids"]!.data as Int32Array;
      const scores = outputs["scores"]!.data as Float32Array;
      const width = outputs["ids"]!.dims[1]!;
      const filtered = row.candidates === undefined && row.excluded.length > 0;
      if (filtered) {
        marks.clear();
        for (const item of row.excluded) marks.mark(item);
      }
      writer.begin(items.bytes);
      let wanted = row.topK;
      for (let at = index * width; wanted > 0 && at < (index + 1) * width; at++) {
        const item = ids[at]!;
        if (item < 0) break;
        if (filtered && marks.has(item)) continue;
        if (wanted === row.topK) tally.topScore(scores[at]!);
        add(item, scores[at]!);
        wanted -= 1;
      }
      return finish(row, by);
    },
    popular(row, by) {
      writer.begin(items.bytes);
      for (const item of popularity.top(row)) add(item, popularity.score(item));
      return finish(row, by);
    },
  };
}
