import { hasSameContent } from "../../router/rollout/has-same-content.ts";
import { revisionOf } from "../../router/rollout/revision-of.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import { isSameRouter } from "../../router/observe/namesakes.ts";
import { modelReport } from "../../router/observe/model-report.ts";
import { isRecent } from "../../router/observe/silence.ts";
import type { HeardReport } from "../../router/store/control-store.ts";
import type { Control } from "./control.ts";

/** A model's rollout in the store, and how that compares with what routers hold. */
export interface Standing {
  readonly model: string;
  readonly kept: Rollout | undefined;
  /** Of all routers that did not leave, silent ones too; this one's first. */
  readonly reports: readonly HeardReport[];
  /** The highest revision that any router has that was heard of lately; 0: none has any. */
  readonly highest: number;
  /** Who has it. */
  readonly router: string;
  /** What that router holds, when it is known. */
  readonly held: Rollout | undefined;
  /** The store lost what routers hold, or keeps something else by the same revision. */
  readonly isBehind: boolean;
}

/** What is kept is read last: a router that is ahead of it then is so because the store lost something. */
export async function lookAt(control: Control, model: string): Promise<Standing> {
  const { store } = control;
  const [report, own] = [ownReport(control), control.rollout(model)];
  const others = (await store.reports()).filter((one) => !isSameRouter(one, report));
  const reports = [report, ...others];
  const kept = await store.read(model);
  const newest = newestOf(reports, model, own);
  return { model, kept, reports, ...newest, isBehind: isBehind(kept, newest) };
}

/** As of now. */
export function ownReport(control: Control): HeardReport {
  return { ...control.report(), silentMs: 0 };
}

type Newest = Pick<Standing, "highest" | "router" | "held">;

function newestOf(
  reports: readonly HeardReport[],
  model: string,
  own: Rollout | undefined,
): Newest {
  let newest: Newest = {
    highest: revisionOf(own),
    router: reports[0]!.router,
    held: own,
  };
  for (const { router, models } of reports.filter(isRecent)) {
    const report = modelReport(models, model);
    if (report === undefined || report.revision < newest.highest) continue;
    if (report.revision > newest.highest)
      newest = { highest: report.revision, router, held: undefined };
    if (newest.held === undefined && report.rollout?.distribution.revision === newest.highest)
      newest = { ...newest, router, held: report.rollout };
  }
  return newest;
}

function isBehind(kept: Rollout | undefined, { highest, held }: Newest): boolean {
  if (kept === undefined) return highest > 0;
  const { revision } = kept.distribution;
  if (highest !== revision || held === undefined) return highest > revision;
  return !hasSameContent(held.distribution, kept.distribution);
}
