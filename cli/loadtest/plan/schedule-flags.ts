import type { Flag, Given } from "../../arguments/flag.ts";
import { readCount } from "../../arguments/read-numbers.ts";
import { readTime } from "../../arguments/read-time.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { Arrivals, RateStep, Schedule } from "../../../loadtest/schedule.ts";
import { parseRate } from "../../../loadtest/verdict/quantity.ts";
import { parseDuration } from "../../../router/rollout/duration-text.ts";

const rate: Flag = {
  name: "--rate",
  short: "-r",
  value: "RATE",
  help: "open loop: calls per second, e.g. 500/s, whatever becomes of those before",
};
export const forFlag: Flag = {
  name: "--for",
  short: "-d",
  value: "TIME",
  help: "how long, e.g. 30s (default), 10m",
};
const poisson: Flag = {
  name: "--poisson",
  help: "calls come as from callers who know nothing of each other, not at equal distances",
};
const steps: Flag = {
  name: "--steps",
  value: "STEPS",
  help: 'one rate after another, e.g. "100/s 10s, 500/s 10s"; "100/s..500/s 20s" rises evenly',
};
const spike: Flag = {
  name: "--spike",
  value: "SPIKE",
  help: 'with --rate: for a while many times as much, e.g. "x10 at 10s for 30s"',
};
export const replayFlag: Flag = {
  name: "--replay",
  value: "FILE",
  help: "calls and times as `loadtest record` wrote them down",
};
const speed: Flag = { name: "--speed", value: "N", help: "with --replay: 2 is twice as fast" };
const closed: Flag = {
  name: "--closed",
  value: "STREAMS",
  help: "closed loop: so many callers, each of whom waits for his answer; for capacity, not for latency",
};
const calls: Flag = { name: "--calls", value: "N", help: "with --closed: at most so many" };

export const scheduleFlags = [
  rate,
  forFlag,
  poisson,
  steps,
  spike,
  replayFlag,
  speed,
  closed,
  calls,
] as const;

const standardForMs = 30_000;
const kinds = [rate, steps, replayFlag, closed];
/** What goes with which. */
const companions: ReadonlyMap<Flag, readonly Flag[]> = new Map([
  [forFlag, [rate, closed]],
  [poisson, [rate, steps]],
  [spike, [rate]],
  [speed, [replayFlag]],
  [calls, [closed]],
]);

/** Undefined: recorded traffic brings its own. */
export function readSchedule(given: Given): Schedule | undefined {
  const asked = kinds.filter(given.has);
  if (asked.length !== 1) {
    const which = "--rate 500/s, --steps, --replay FILE or --closed STREAMS";
    if (asked.length === 0) throw wrong(`say how calls come: ${which}`);
    throw wrong(`${asked.map(({ name }) => name).join(" and ")} exclude each other: ${which}`);
  }
  const kind = asked[0]!;
  for (const [flag, needs] of companions) {
    if (!given.has(flag) || needs.includes(kind)) continue;
    throw wrong(`${flag.name} goes with ${needs.map(({ name }) => name).join(" or ")} only`);
  }
  if (kind === replayFlag) return undefined;
  const forMs = readTime(given, forFlag) ?? standardForMs;
  if (kind === closed) return closedLoop(given, forMs);
  const arrivals: Arrivals = given.has(poisson) ? "poisson" : "even";
  if (kind === steps) return { kind: "steps", steps: parseSteps(given.value(steps)!), arrivals };
  const perSecond = rateIn(given.value(rate)!, rate);
  if (given.has(spike))
    return { kind: "spike", perSecond, forMs, arrivals, ...parseSpike(given.value(spike)!) };
  return { kind: arrivals === "even" ? "constant" : "poisson", perSecond, forMs };
}

function closedLoop(given: Given, forMs: number): Schedule {
  const streams = readCount(given, closed, [1, 1_000_000])!;
  const most = readCount(given, calls, [1, 1e12]);
  return { kind: "closed", streams, forMs, ...(most !== undefined && { calls: most }) };
}

/** Throws INVALID_ARGUMENT for what is no speed. */
export function readSpeed(given: Given): number {
  const text = given.value(speed) ?? "1";
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw wrong(`--speed is "${text}"; it must be a number above 0, e.g. 2`);
}

export function rateIn(text: string, { name }: Flag): number {
  const perSecond = parseRate(text);
  if (perSecond !== undefined) return perSecond;
  throw wrong(`${name} is "${text}"; it must be a rate with its unit, e.g. 500/s or 90/min`);
}

function parseSteps(text: string): readonly RateStep[] {
  return text.split(",").map((part, index) => {
    const [, from, to, time] = /^\s*(\S+?)(?:\.\.(\S+))?\s+(\S+)\s*$/.exec(part) ?? [];
    const perSecond = parseRate(from ?? "");
    const toPerSecond = to === undefined ? undefined : parseRate(to);
    const forMs = parseDuration(time ?? "");
    const isWhole = to === undefined || toPerSecond !== undefined;
    if (perSecond === undefined || forMs === undefined || !isWhole)
      throw wrong(
        `step ${index + 1} of --steps is "${part.trim()}"; it must be a rate and a time, e.g. "500/s 10s" or "100/s..500/s 20s"`,
      );
    return { perSecond, forMs, ...(toPerSecond !== undefined && { toPerSecond }) };
  });
}

function parseSpike(text: string): { times: number; atMs: number; spikeMs: number } {
  const [, times, at, time] = /^\s*x(\d+(?:\.\d+)?) at (\S+) for (\S+)\s*$/.exec(text) ?? [];
  const [atMs, spikeMs] = [parseDuration(at ?? ""), parseDuration(time ?? "")];
  if (times !== undefined && atMs !== undefined && spikeMs !== undefined)
    return { times: Number(times), atMs, spikeMs };
  throw wrong(`--spike is "${text}"; it must be like "x10 at 10s for 30s"`);
}
