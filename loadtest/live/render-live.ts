import {
  formatCount,
  formatDuration,
  formatMs,
  formatRate,
  formatShare,
} from "../../display/figures.ts";
import type { Histogram } from "../histogram/histogram.ts";
import type { RunProgress } from "../run-progress.ts";
import { plainLine } from "../verdict/plain-line.ts";
import type { LiveView } from "./live-view.ts";
import { sparkline } from "./sparkline.ts";

export interface Screen {
  readonly width: number;
  readonly hasColor: boolean;
}

/** Beyond it a run is invalid when it is the p99. */
const allowedLagMs = 5;

/** As many lines as there is something to say, none wider than the screen. */
export function renderLive(view: LiveView, screen: Screen): string[] {
  const { progress, title } = view;
  const rows = progress === undefined || progress.elapsedMs < 0 ? [] : figureRows(view, progress);
  return [
    cut(plainLine(title), screen.width),
    progressLine(progress, screen),
    ...rows.map((row) => rowLine(row, screen)),
  ];
}

/** One line for logs, without colour. */
export function renderLine(view: LiveView): string {
  const { progress, recent, answeredPerSecond } = view;
  if (progress === undefined) return "connecting";
  if (progress.elapsedMs < 0) return `warming up, ${formatDuration(-progress.elapsedMs)} left`;
  return [
    formatDuration(progress.elapsedMs),
    formatRate(answeredPerSecond),
    `p50 ${latencyText(recent, 0.5)}`,
    `p99 ${latencyText(recent, 0.99)}`,
    `errors ${errorText(progress)}`,
    `in flight ${formatCount(progress.inFlight)}`,
    ...armTexts(progress).map(plainLine),
    `${formatDuration(progress.leftMs)} left`,
  ].join("  ");
}

interface Row {
  readonly name: string;
  readonly now: string;
  readonly more: string;
  readonly trend?: readonly number[];
  readonly isAlarming?: boolean;
}

function figureRows(view: LiveView, progress: RunProgress): Row[] {
  const { recent, total, rates, p99s } = view;
  const codes = Object.entries(progress.codes).toSorted(([, one], [, other]) => other - one);
  return [
    {
      name: "rate",
      now: formatRate(view.answeredPerSecond),
      more: `due ${formatRate(view.duePerSecond)}, in flight ${formatCount(progress.inFlight)}`,
      trend: rates,
    },
    { name: "p50", now: latencyText(recent, 0.5), more: `run ${latencyText(total, 0.5)}` },
    {
      name: "p99",
      now: latencyText(recent, 0.99),
      more: `run ${latencyText(total, 0.99)}`,
      trend: p99s,
    },
    {
      name: "errors",
      now: errorText(progress),
      more: codes.map(([code, count]) => `${formatCount(count)} ${plainLine(code)}`).join(", "),
      isAlarming: progress.failed > 0,
    },
    ...(Object.keys(progress.arms).length > 0
      ? [{ name: "arms", now: "", more: armTexts(progress).map(plainLine).join(", ") }]
      : []),
    {
      name: "lag",
      now: formatMs(progress.lagMs),
      more: progress.lagMs > allowedLagMs ? "the generator is late" : "",
      isAlarming: progress.lagMs > allowedLagMs,
    },
  ];
}

const nameWidth = 8;
const nowWidth = 10;
const moreWidth = 34;
/** A trend that is shorter shows nothing. */
const leastTrend = 10;

function rowLine(
  { name, now, more, trend, isAlarming = false }: Row,
  { width, hasColor }: Screen,
): string {
  const trendWidth = Math.min(60, width - nameWidth - nowWidth - moreWidth - 4);
  const isDrawn = trend !== undefined && trendWidth >= leastTrend;
  const head = name.padEnd(nameWidth);
  const figure = now === "" ? "" : `${now.padStart(nowWidth)}  `;
  const rest = isDrawn
    ? `${cut(more, moreWidth).padEnd(moreWidth)}  ${sparkline(trend, trendWidth)}`
    : more;
  const line = cut(`${head}${figure}${rest}`, width).trimEnd();
  return hasColor && isAlarming ? `${red}${line}${plain}` : line;
}

function progressLine(progress: RunProgress | undefined, { width, hasColor }: Screen): string {
  if (progress === undefined) return cut("connecting", width);
  if (progress.elapsedMs < 0) return cut(renderWarmUp(progress), width);
  const share = progress.elapsedMs / Math.max(1, progress.elapsedMs + progress.leftMs);
  const text = `  ${formatDuration(progress.elapsedMs)}, ${formatDuration(progress.leftMs)} left`;
  const barWidth = Math.min(40, width - text.length);
  if (barWidth < leastTrend) return cut(text.trim(), width);
  const filled = Math.round(barWidth * Math.min(1, share));
  const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
  return `${hasColor ? `${cyan}${bar}${plain}` : bar}${text}`;
}

function renderWarmUp({ elapsedMs }: RunProgress): string {
  return `warming up, ${formatDuration(-elapsedMs)} left`;
}

function latencyText(histogram: Histogram, share: number): string {
  return histogram.count === 0 ? "–" : formatMs(histogram.at(share));
}

function errorText({ ok, failed }: RunProgress): string {
  return formatShare(failed / Math.max(1, ok + failed));
}

/** The largest first. */
function armTexts({ arms }: RunProgress): string[] {
  const total = Object.values(arms).reduce((sum, answers) => sum + answers, 0);
  return Object.entries(arms)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, answers]) => `${name} ${formatShare(answers / Math.max(1, total))}`);
}

/** By characters, with "…" for what is left out. */
function cut(line: string, width: number): string {
  const characters = Array.from(line);
  if (characters.length <= width) return line;
  return width < 1 ? "" : `${characters.slice(0, width - 1).join("")}…`;
}

const red = "\x1b[31m";
const cyan = "\x1b[36m";
const plain = "\x1b[39m";
