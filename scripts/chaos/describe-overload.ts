import { formatTable } from "../bench/table.ts";
import type { JudgedOverload, StepFigures } from "./judge-overload.ts";

const headings = ["capacity asked for", "calls", "answered/s", "p50 ms", "p99 ms", "by status"];

/** A line for each load, and what they come to. */
export function describeOverload(judged: JudgedOverload): string {
  const { shareOfPeak, peakPerSecond, lateShare, growthPerMinute, recovered, lag } = judged;
  const growth = Object.entries(growthPerMinute).map(
    ([name, share]) => `${name} ${percent(share)}`,
  );
  return [
    formatTable(headings, judged.steps.map(cellsOf)),
    `goodput ${percent(shareOfPeak)} of the peak of ${peakPerSecond.toFixed(0)}/s; deadlines passed: ${percent(lateShare)} of the admitted calls`,
    `sure growth of memory a minute: ${growth.join(", ")}; from 5 s after the load dropped, ${recovered.failed} calls failed and the model answered ${percent(recovered.share)}; late p99 ${lag.p99.toFixed(1)} ms`,
  ].join("\n");
}

function cellsOf({ times, calls, goodputPerSecond, latencies, codes }: StepFigures): string[] {
  return [
    `${times}x`,
    `${calls}`,
    goodputPerSecond.toFixed(0),
    latencies.p50.toFixed(1),
    latencies.p99.toFixed(1),
    Object.entries(codes)
      .map(([code, count]) => `${count} ${code}`)
      .join(", "),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
