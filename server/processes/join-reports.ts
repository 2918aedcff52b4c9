import { joinLoads, joinObserved } from "../../router/observe/join-observed.ts";
import type { ModelReport, Observed } from "../../router/observe/router-report.ts";

/** What was seen under a revision. */
export interface Seen {
  readonly revision: number;
  readonly observed: Observed;
}

/**
 * What several workers say of a model as what one router would say: no further than the slowest of them.
 * @param gone What workers saw that are no more.
 */
export function joinReports(
  reports: readonly [ModelReport, ...ModelReport[]],
  gone: Seen | undefined,
): ModelReport {
  const revision = Math.min(...reports.map((report) => report.revision));
  const seen = [...reports, ...(gone === undefined ? [] : [gone])];
  const lowered = reports.find((report) => report.lowered !== undefined)?.lowered;
  return {
    revision,
    appliedAtMs: Math.max(...reports.map((report) => report.appliedAtMs)),
    ...(lowered && { lowered }),
    observed: joinObserved(
      seen.filter((one) => one.revision === revision).map(({ observed }) => observed),
    ),
    load: joinLoads(reports.map(({ load }) => load)),
  };
}

/** What was seen by a worker that is gone, and by those before it. */
export function addSeen(before: Seen | undefined, { revision, observed }: Seen): Seen {
  if (before === undefined || before.revision < revision) return { revision, observed };
  if (before.revision > revision) return before;
  return { revision, observed: joinObserved([before.observed, observed]) };
}
