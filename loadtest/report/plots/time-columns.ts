import { joinHistograms } from "../../histogram/create-histogram.ts";
import type { Histogram } from "../../histogram/histogram.ts";
import type { RunResult, Second } from "../../run-result.ts";
import type { Axis } from "../../../display/plots/frame.ts";
import type { Scale } from "../../../display/plots/scale.ts";

/** One or more seconds of a run, as wide as a plot can show. */
export interface TimeColumn {
  readonly fromS: number;
  readonly toS: number;
  /** Per second. */
  readonly due: number;
  readonly ok: number;
  readonly failed: number;
  readonly latency: Histogram;
  readonly lagMs: number;
  /** Answers by arm. */
  readonly arms: Readonly<Record<string, number>>;
}

const mostColumns = 120;
/** Of the last second there may be little; less is not scaled up to a whole one. */
const leastCoveredS = 0.25;

export function timeColumns({
  seconds,
  tookMs,
}: Pick<RunResult, "seconds" | "tookMs">): TimeColumn[] {
  const each = Math.ceil(seconds.length / mostColumns);
  const count = each === 0 ? 0 : Math.ceil(seconds.length / each);
  return Array.from({ length: count }, (_, at) => {
    const fromS = at * each;
    const part = seconds.slice(fromS, fromS + each);
    const toS = fromS + part.length;
    return columnOf(part, {
      fromS,
      toS,
      coveredS: Math.max(leastCoveredS, Math.min(toS, tookMs / 1_000) - fromS),
    });
  });
}

interface Span {
  readonly fromS: number;
  readonly toS: number;
  readonly coveredS: number;
}

function columnOf(part: readonly Second[], { fromS, toS, coveredS }: Span): TimeColumn {
  const perSecond = (read: (second: Second) => number) =>
    part.reduce((sum, second) => sum + read(second), 0) / coveredS;
  const arms: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const second of part) {
    for (const [arm, answers] of Object.entries(second.arms))
      arms[arm] = (arms[arm] ?? 0) + answers;
  }
  return {
    fromS,
    toS,
    due: perSecond(({ due }) => due),
    ok: perSecond(({ ok }) => ok),
    failed: perSecond(({ failed }) => failed),
    latency: joinHistograms(part.map(({ latency }) => latency)),
    lagMs: Math.max(0, ...part.map(({ lagMs }) => lagMs)),
    arms,
  };
}

/** From the first column to the last, with round ticks. */
export function timeAxis(columns: readonly TimeColumn[]): Axis {
  const end = columns.at(-1)?.toS ?? 1;
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200].find(
    (one) => end / one <= 8,
  );
  const each = step ?? Math.ceil(end / 8 / 3_600) * 3_600;
  const ticks = Array.from({ length: Math.floor(end / each) + 1 }, (_, at) => at * each);
  const scale: Scale = { at: (seconds) => seconds / end, ticks };
  return { scale, label: (seconds) => formatClock(seconds, end) };
}

/** "45 s", "2:05", "1:02:00"; alike on one axis. */
export function formatClock(seconds: number, end: number): string {
  if (end <= 120) return `${seconds} s`;
  const rest = `${twoDigits((seconds % 3_600) / 60)}:${twoDigits(seconds % 60)}`;
  return end >= 3_600 ? `${Math.floor(seconds / 3_600)}:${rest}` : rest;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}
