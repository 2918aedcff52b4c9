import type {
  GetHistoryResponse,
  HistoryEntry,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import type { Look } from "../output.ts";
import { armsText } from "./arms-text.ts";
import { renderTable, type Column } from "./table.ts";
import { ago } from "./times.ts";

/** Newest first. */
export function historyView({ entries, problems, isCut }: GetHistoryResponse, look: Look): string {
  const { style, isWide, nowMs } = look;
  if (entries.length === 0) return "nothing is in the history\n";
  const columns: Column[] = [
    { title: "REVISION", align: "right" },
    { title: "WHEN" },
    { title: "BY" },
    { title: "WHAT" },
    { title: "ARMS" },
    ...(isWide ? [{ title: "FROM" }, { title: "AUDIT ID" }, { title: "HASH" }] : []),
    { title: "REASON" },
  ];
  const rows = entries.map((entry) => {
    const { rollout, hash } = entry;
    const changed = rollout?.changed;
    const when = isWide ? (changed?.time?.toISOString() ?? "") : ago(changed?.time, nowMs);
    const wide = isWide ? [changed?.from ?? "", changed?.auditId ?? "", hash.slice(0, 12)] : [];
    return [
      revisions(entry),
      when,
      changed?.by ?? "",
      changed?.verb ?? "",
      rollout === undefined ? "" : armsText(rollout),
      ...wide,
      changed?.reason ?? "",
    ];
  });
  const broken = problems.map((problem) => style.bad(`THE HISTORY WAS ALTERED: ${problem}\n`));
  const oldest = entries.at(-1)?.rollout?.revision;
  const more = isCut
    ? `there may be more, as they are large: --below ${oldest} asks for them\n`
    : "";
  return renderTable(columns, rows) + more + broken.join("");
}

/** "7 -> 8"; for what changed no revision, only that one. */
function revisions({ oldRevision, rollout }: HistoryEntry): string {
  const revision = rollout?.revision ?? 0;
  return oldRevision === revision ? String(revision) : `${oldRevision} -> ${revision}`;
}
