import type { Family, Row, RowResult, ServedBy } from "../../models/family.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Answer } from "../backend.ts";
import type { Meter } from "../meter.ts";
import { createReply } from "../reply.ts";

export interface Replier {
  /** Never throws: a row whose reply cannot be made fails alone. `result` is absent for a row that needs no run. */
  reply(row: Row, result?: RowResult): Answer;
  /** Tells the meter of the replies since the last time. */
  tell(): void;
}

export function createReplier(family: Family, by: ServedBy, meter: Meter): Replier {
  let rows = 0;
  let coldStarts = 0;
  let unknownIds = 0;
  return {
    reply(row, result) {
      try {
        const answer = createReply(family.reply(row, by, result));
        rows++;
        if (row.coldStart) coldStarts++;
        unknownIds += row.unknownCount;
        return answer;
      } catch (error) {
        return ServingError.from(error);
      }
    },
    tell() {
      if (rows > 0) meter.answered({ rows, coldStarts, unknownIds });
      rows = 0;
      coldStarts = 0;
      unknownIds = 0;
    },
  };
}

/** What was written for it. */
export function bytesOf(answer: Answer): number {
  return answer instanceof ServingError ? 0 : answer.bytes.length;
}
