import { createReplyWriter } from "../../proto/reply-writer.ts";
import type { RequestLimits } from "../../proto/request-limits.ts";
import { createRequestReader } from "../../proto/request-reader.ts";
import { encodeServedBy } from "../../proto/served.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IdIndex } from "../catalogue/id-index.ts";
import type { Family, ServedBy } from "../family.ts";
import { createItemMarks } from "./item-marks.ts";
import type { NamedTracks, ReadTracks } from "./named-tracks.ts";
import { createPopularity } from "./popularity.ts";
import { createRequestReading, type ReadRequest } from "./read-request.ts";
import { createRowReplier } from "./reply-row.ts";
import type { RankingRow } from "./row.ts";
import { createTally } from "./tally.ts";

export interface RankingOptions<Row extends RankingRow, Tracks extends NamedTracks | undefined> {
  readonly items: Catalogue;
  /** Absent: the model knows nobody. */
  readonly users?: IdIndex | undefined;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  readonly limits: RequestLimits;
  readonly readTracks: ReadTracks<Tracks>;
  readonly toRow: (request: ReadRequest<Tracks>) => Row;
}

/** How families that rank a catalogue read requests and write replies: by graph where there was a run, else by popularity. */
export function createRanking<Row extends RankingRow, Tracks extends NamedTracks | undefined>(
  options: RankingOptions<Row, Tracks>,
): Pick<Family, "read" | "reply" | "recommended"> {
  const { items, users, readTracks, toRow } = options;
  const marks = createItemMarks(items.size);
  const reader = createRequestReader(options.limits);
  const read = createRequestReading({ reader, users, items, marks, readTracks });
  const popularity = createPopularity(options.popularity, marks);
  const tally = createTally(popularity.ranking);
  const writer = createReplyWriter();
  const replier = createRowReplier({ writer, items, popularity, marks, tally });
  const servedBy = createServedBy();
  return {
    read(request) {
      try {
        return toRow(read(request));
      } catch (error) {
        return ServingError.from(error);
      }
    },
    reply: (row, by, result) =>
      result
        ? replier.ranked(row as Row, servedBy(by), result)
        : replier.popular(row as Row, servedBy(by)),
    recommended: tally.recommended,
  };
}

/** Encodes who answers once per backend, not once per reply. */
function createServedBy(): (by: ServedBy) => Uint8Array {
  const encoded = new WeakMap<ServedBy, Uint8Array>();
  return (by) => {
    let bytes = encoded.get(by);
    if (!bytes) encoded.set(by, (bytes = encodeServedBy(by)));
    return bytes;
  };
}
