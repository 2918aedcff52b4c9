import type { Distribution } from "../distribution.ts";
import { modelReport } from "./model-report.ts";
import type { RouterReport } from "./router-report.ts";

/**
 * By version of the document's arms, whether any router sees a server that is ready and holds it. Of which none says
 * anything is missing. Only of routers that go by this revision: others may mean another version by the same arm.
 */
export function heldVersions(
  reports: readonly RouterReport[],
  { model, revision, arms }: Pick<Distribution, "model" | "revision" | "arms">,
): ReadonlyMap<string, boolean> {
  const held = new Map<string, boolean>();
  for (const { models } of reports) {
    const report = modelReport(models, model);
    if (report?.revision !== revision) continue;
    for (const { name, version } of arms) {
      if (!Object.hasOwn(report.load, name)) continue;
      const isHeld = report.load[name]!.costMs !== undefined;
      held.set(version, isHeld || held.get(version) === true);
    }
  }
  return held;
}
