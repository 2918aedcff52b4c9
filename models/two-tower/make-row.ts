import type { ReadRequest } from "../ranking/read-request.ts";
import { laneFor, laneKey, type RowSizes } from "./lane.ts";
import type { TwoTowerRow } from "./row.ts";

const nothing = new Int32Array();

/** @returns Makes a row of what was read. */
export function createRowMaking(itemCount: number): (request: ReadRequest) => TwoTowerRow {
  const nameLane = createLaneNaming();
  return ({ user, history, candidates, excluded, topK, wanted, unknown }) => {
    const vectorHistory = user < 0 ? history : nothing;
    const { shape, lane } = nameLane({
      historyLength: vectorHistory.length,
      candidateCount: candidates?.length ?? 0,
      wanted,
      itemCount,
    });
    return {
      user,
      history: vectorHistory,
      candidates,
      excluded,
      topK,
      shape,
      lane,
      needsRun: candidates?.length !== 0 && (user >= 0 || history.length > 0),
      coldStart: user < 0,
      unknown,
      unknownCount: unknown.count,
    };
  };
}

/** Requests of one kind follow each other: as long as they do, they share a shape and its name. */
function createLaneNaming() {
  let shape = laneFor({ historyLength: 0, candidateCount: 0, wanted: 0, itemCount: 0 });
  let lane = laneKey(shape);
  return (sizes: RowSizes) => {
    const next = laneFor(sizes);
    const { history, candidates, fetch } = shape;
    if (next.history !== history || next.candidates !== candidates || next.fetch !== fetch) {
      shape = next;
      lane = laneKey(next);
    }
    return { shape, lane };
  };
}
