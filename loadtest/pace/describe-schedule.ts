import { formatDuration, formatNumber, formatRate } from "../../display/figures.ts";
import type { RateStep, Schedule } from "../schedule.ts";

type Kind = Schedule["kind"];
type Describers = {
  readonly [K in Kind]: (schedule: Extract<Schedule, { kind: K }>) => string;
};

const describers: Describers = {
  constant: (schedule) => `${rateFor(schedule)}, evenly`,
  poisson: (schedule) => `${rateFor(schedule)}, Poisson`,
  steps: ({ steps, arrivals }) => `${steps.map(rateFor).join(", then ")}, ${nameOf(arrivals)}`,
  spike({ perSecond, times, atMs, spikeMs, forMs, arrivals }) {
    const spike = `x${formatNumber(times)} for ${formatDuration(spikeMs)} from ${formatDuration(atMs)} on`;
    return `${rateFor({ perSecond, forMs })}, ${spike}, ${nameOf(arrivals)}`;
  },
  replay({ atMs, speed }) {
    const recorded = `${atMs.length} recorded calls over ${formatDuration(atMs.at(-1) ?? 0)}`;
    return speed === 1 ? recorded : `${recorded}, ${formatNumber(speed)} times as fast`;
  },
  closed({ streams, forMs, calls }) {
    const most = calls === undefined ? "" : `, at most ${calls} calls`;
    return `closed loop of ${streams} streams for ${formatDuration(forMs)}${most}`;
  },
};

/** One line for people, e.g. "100/s for 30 s, Poisson". */
export function describeSchedule(schedule: Schedule): string {
  const describe = describers[schedule.kind] as (schedule: Schedule) => string;
  return describe(schedule);
}

function rateFor({ perSecond, toPerSecond, forMs }: RateStep): string {
  const to = toPerSecond === undefined ? "" : ` to ${formatRate(toPerSecond)}`;
  return `${formatRate(perSecond)}${to} for ${formatDuration(forMs)}`;
}

function nameOf(arrivals: "even" | "poisson" = "even"): string {
  return arrivals === "even" ? "evenly" : "Poisson";
}
