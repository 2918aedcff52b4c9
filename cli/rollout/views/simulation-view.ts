import type {
  Load,
  SimulateWeightsResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { formatBasisPoints } from "../../../router/rollout/basis-points-text.ts";
import { about, count, percent, roughPercent } from "./numbers.ts";
import { renderTable, type Cell } from "./table.ts";
import type { Look } from "../output.ts";

/** Who would move, and what each arm's backends would have to do. */
export function simulationView({ moves, loads }: SimulateWeightsResponse, look: Look): string {
  return `${movesText(moves)}\n${loadsText(loads, look)}`;
}

function movesText(moves: SimulateWeightsResponse["moves"]): string {
  if (moves.length === 0) return "no user would move\n";
  return renderTable(
    [
      { title: "FROM" },
      { title: "TO" },
      { title: "OF ALL USERS", align: "right" },
      { title: "USERS SEEN LATELY", align: "right" },
    ],
    moves.map(({ from, to, buckets, users }) => [
      from,
      to,
      `${formatBasisPoints(buckets)} ${percent(buckets / 10_000)}`,
      users > 0 ? `about ${count(users)}` : "none",
    ]),
  );
}

/** Beyond that, queues grow: a backend that is always busy has no room for a burst. */
const fullShare = 0.8;

function loadsText(loads: readonly Load[], { style }: Look): string {
  const rows = loads.map((load): Cell[] => {
    const { arm, version, rowsPerSecond, rowsPerSecondAfter, costMs, busy, busyAfter } = load;
    const after: Cell =
      busyAfter > fullShare
        ? { text: roughPercent(busyAfter), paint: style.careful }
        : roughPercent(busyAfter);
    return [
      arm,
      version,
      about(rowsPerSecond),
      about(rowsPerSecondAfter),
      Number.isFinite(costMs) ? about(costMs) : "nothing holds it",
      roughPercent(busy),
      after,
    ];
  });
  const table = renderTable(
    [
      { title: "ARM" },
      { title: "VERSION" },
      { title: "ROWS/S", align: "right" },
      { title: "AFTER", align: "right" },
      { title: "MS/ROW", align: "right" },
      { title: "BACKENDS BUSY", align: "right" },
      { title: "AFTER", align: "right" },
    ],
    rows,
  );
  return `${table}\nBACKENDS BUSY: 100% is all the time of one backend. Predicted from the last minute, with what a row costs now.\n`;
}
