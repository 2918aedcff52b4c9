import type { ReadRequest } from "../ranking/read-request.ts";
import { laneFor, laneKey, type Lane, type LaneRules } from "./lane.ts";
import type { SequenceRow } from "./row.ts";

/** @returns Makes a row of what was read. */
export function createRowMaking(rules: LaneRules): (request: ReadRequest) => SequenceRow {
  const mostItems = rules.lengths.at(-1)!;
  const nameLane = createLaneNaming();
  return ({ user, history, candidates, excluded, topK, wanted, unknown }) => {
    const sequence = history.length > mostItems ? history.subarray(-mostItems) : history;
    const shape = laneFor(
      { sequenceLength: sequence.length, candidateCount: candidates?.length ?? 0, wanted },
      rules,
    );
    return {
      user,
      sequence,
      candidates,
      excluded,
      topK,
      shape,
      lane: nameLane(shape),
      needsRun: candidates?.length !== 0 && sequence.length > 0,
      // Without a sequence a known user gets what is popular, too: nothing here is about him.
      coldStart: user < 0 || sequence.length === 0,
      unknown,
      unknownCount: unknown.count,
    };
  };
}

/** Requests of one kind follow each other: as long as they do, they share a name. */
function createLaneNaming() {
  let last: Lane = { length: 0, candidates: 0, fetch: 0 };
  let name = laneKey(last);
  return (shape: Lane) => {
    const { length, candidates, fetch } = last;
    if (shape.length !== length || shape.candidates !== candidates || shape.fetch !== fetch) {
      last = shape;
      name = laneKey(shape);
    }
    return name;
  };
}
