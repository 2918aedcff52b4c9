import { joinHistograms } from "../histogram/create-histogram.ts";
import type { Histogram } from "../histogram/histogram.ts";
import type { RunProgress } from "../run-progress.ts";

/** What is shown of a run while it goes on. */
export interface LiveView {
  readonly title: string;
  /** Absent: nothing was heard yet. */
  readonly progress?: RunProgress;
  /** Between the last two reports. */
  readonly answeredPerSecond: number;
  readonly duePerSecond: number;
  /** Of the last two seconds. */
  readonly recent: Histogram;
  /** Of the whole run. */
  readonly total: Histogram;
  /** One for each report, the last ones. */
  readonly rates: readonly number[];
  readonly p99s: readonly number[];
  /** What `recent` is made of. */
  readonly latest: readonly Histogram[];
}

/** Reports come twice a second. */
const recentReports = 4;
/** More than any terminal is wide. */
const history = 400;

export function beginView(title: string): LiveView {
  const none = joinHistograms([]);
  return {
    title,
    answeredPerSecond: 0,
    duePerSecond: 0,
    recent: none,
    total: none,
    rates: [],
    p99s: [],
    latest: [],
  };
}

export function nextView(view: LiveView, progress: RunProgress): LiveView {
  // Nothing is counted while warming up.
  if (progress.elapsedMs < 0) return { ...view, progress };
  const before = view.progress;
  const seconds = Math.max(1, progress.elapsedMs - Math.max(0, before?.elapsedMs ?? 0)) / 1_000;
  const since = (read: (one: RunProgress) => number) =>
    Math.max(0, read(progress) - (before === undefined ? 0 : read(before))) / seconds;
  const latest = [...view.latest, progress.latency].slice(-recentReports);
  const recent = joinHistograms(latest);
  const answeredPerSecond = since(({ ok, failed }) => ok + failed);
  return {
    ...view,
    progress,
    answeredPerSecond,
    duePerSecond: since(({ due }) => due),
    recent,
    total: joinHistograms([view.total, progress.latency]),
    rates: [...view.rates, answeredPerSecond].slice(-history),
    p99s: [...view.p99s, progress.latency.at(0.99)].slice(-history),
    latest,
  };
}
