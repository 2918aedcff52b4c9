import type { ListRolloutsResponse } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { StoreState } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import type { Look } from "../output.ts";
import { noRollouts } from "../no-rollouts.ts";
import { armsText } from "./arms-text.ts";
import { stateText } from "./state-text.ts";
import { storeText } from "./status-view.ts";
import { renderTable, type Column } from "./table.ts";
import { ago } from "./times.ts";

export function listView(list: ListRolloutsResponse, look: Look): string {
  const { rollouts, store } = list;
  const { style, isWide, nowMs } = look;
  const warnings = [
    ...(store === StoreState.OK ? [] : [storeText(list)]),
    ...list.unreadable.map(({ model, why }) => `${model} cannot be read: ${why}`),
  ];
  const warning = warnings.map((line) => `${style.bad(line)}\n`).join("");
  if (rollouts.length === 0) return `${warning}${noRollouts}\n`;
  const columns: Column[] = [
    { title: "MODEL" },
    { title: "REVISION", align: "right" },
    { title: "STATE" },
    { title: "ARMS" },
    { title: "CHANGED" },
    ...(isWide ? [{ title: "BY" }, { title: "REASON" }] : []),
  ];
  const rows = rollouts.map((rollout) => {
    const { model, revision, changed } = rollout;
    const cells = [
      model,
      String(revision),
      stateText(rollout, nowMs),
      armsText(rollout),
      ago(changed?.time, nowMs),
    ];
    return isWide ? [...cells, changed?.by ?? "", changed?.reason ?? ""] : cells;
  });
  return warning + renderTable(columns, rows);
}
