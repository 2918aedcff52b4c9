import type { WarmUp } from "../family.ts";
import { spread } from "../ranking/spread.ts";
import { encodeRows, type EncodedRow, type Encoding } from "./encode-rows.ts";
import { laneFor, laneKey, type Lane, type LaneRules } from "./lane.ts";

export interface WarmUpOptions extends Encoding {
  readonly userCount: number;
  readonly rules: LaneRules;
  readonly maxBatch: (lane: Lane) => number;
}

/** Short and long sequences, each over the catalogue and over candidates, alone and in a full batch. */
export function warmUpBatches(options: WarmUpOptions): WarmUp[] {
  const { rules, itemCount, maxBatch } = options;
  const { lengths } = rules;
  const lanes = [...new Set([lengths[0]!, lengths.at(-1)!])].flatMap((sequenceLength) =>
    [0, Math.min(75, itemCount)].map((candidateCount) =>
      laneFor({ sequenceLength, candidateCount, wanted: 10 }, rules),
    ),
  );
  return lanes.flatMap((lane) =>
    [...new Set([1, maxBatch(lane)])].map((rows) => warmUpBatch(lane, rows, options)),
  );
}

/** Rows of different users and items, from all over the tables, one sequence of each length: what is wrong with some may show. */
function warmUpBatch(lane: Lane, rows: number, options: WarmUpOptions): WarmUp {
  const { itemCount, userCount } = options;
  const row = (_: unknown, index: number): EncodedRow => ({
    user: userCount === 0 || index % 4 === 3 ? -1 : spread(index, rows, userCount),
    shape: lane,
    sequence: Int32Array.from({ length: lane.length - (index % lane.length) }, (_, i) =>
      spread((i + index) % lane.length, lane.length, itemCount),
    ),
    candidates: Int32Array.from({ length: lane.candidates }, (_, i) =>
      spread(i, lane.candidates, itemCount),
    ),
  });
  const feeds = encodeRows(Array.from({ length: rows }, row), options);
  return { lane: laneKey(lane), rows, feeds };
}
