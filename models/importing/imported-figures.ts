import { agreementOf, sameOrder10 } from "../exporting/agreement.ts";
import type { Probe } from "../exporting/probe.ts";
import type { Trial } from "../exporting/try-out.ts";

export interface FigureSources {
  readonly fp32: Trial;
  readonly probes: readonly Probe[];
}

/** A trial in one line, for people. HR and NDCG only where somebody knows what was chosen next. */
export function importedFigures({ warm, latency }: Trial, { fp32, probes }: FigureSources): string {
  const { overlap10, top1 } = agreementOf(fp32.warm.tops, warm.tops);
  const order = sameOrder10(fp32.warm.tops, warm.tops);
  const { hr10, ndcg10 } = warm.quality;
  const isKnown = probes.some(({ next }) => next >= 0);
  const quality = isKnown ? `HR@10 ${hr10.toFixed(3)}, NDCG@10 ${ndcg10.toFixed(3)}; ` : "";
  const agreement =
    warm === fp32.warm
      ? ""
      : `of the file's top 10 ${percent(overlap10)}, the same first ${percent(top1)}, the same order ${percent(order)}; `;
  const times = Object.entries(latency.batchMs).map(([rows, ms]) => `${rows}: ${ms.toFixed(2)}`);
  return `${quality}${agreement}ms by batch ${times.join(", ")} (${latency.isa})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
