/*
 * The largest rate at which an objective holds, by bisection. Pure: a rate to try, what a window at it showed, the
 * next rate to try. A window is a run of its own at one steady rate.
 */

/** What one window showed. */
export type Observation =
  | "holds"
  | "fails"
  /** The generator did not keep its schedule: it says nothing of what was called. */
  | "invalid";

export interface SearchOptions {
  /** The first rate that is tried, per second. Default 100. */
  readonly startPerSecond: number;
  /** Rates outside are not tried. Defaults 1 and 1,000,000. */
  readonly leastPerSecond: number;
  readonly mostPerSecond: number;
  /** Ends when the rate that holds and the one that does not are this near. Default 0.02, at least 0.001. */
  readonly precision: number;
}

export interface SearchState extends SearchOptions {
  /** The largest rate that holds. */
  readonly holds?: Bound;
  /** The smallest that does not, and whose limit that is. */
  readonly fails?: Bound & { readonly by: Limiter };
  /** Windows at the rate that is tried now. */
  readonly trial: Trial;
  /** Rates in a row at which the generator could not keep its schedule. */
  readonly unkept: number;
  /** By how much to go up or down while there is only one bound. */
  readonly step: number;
  readonly found?: Found;
}

interface Bound {
  readonly perSecond: number;
  /** False: one more look is due before the search ends with it. */
  readonly confirmed: boolean;
}

export type Limiter = "server" | "generator";

interface Trial {
  readonly perSecond: number;
  /** In a row, up to now. */
  readonly held: number;
  readonly failed: number;
  readonly invalid: number;
}

export interface Found {
  /** 0: it did not hold at the least rate. */
  readonly perSecond: number;
  /** What is in the way of more. "most": nothing was, up to the largest rate that may be tried. */
  readonly limitedBy: Limiter | "most";
}

/** In a row, before a rate counts as one that holds: a short quiet time is no capacity. */
const windowsToHold = 3;
/** One may be a disturbance. */
const windowsToFail = 2;
const windowsToGiveUp = 3;
const largestStep = 2;
/** Rates, each half of the one before, at which the generator fails: then it is not the rate that it fails at. */
const unkeptToGiveUp = 3;

const defaults: SearchOptions = {
  startPerSecond: 100,
  leastPerSecond: 1,
  mostPerSecond: 1_000_000,
  precision: 0.02,
};

export function beginSearch(options: Partial<SearchOptions> = {}): SearchState {
  const all = { ...defaults, ...options };
  const perSecond = Math.min(all.mostPerSecond, Math.max(all.leastPerSecond, all.startPerSecond));
  return { ...all, unkept: 0, step: largestStep, trial: trialAt(perSecond) };
}

export function next(state: SearchState, observation: Observation): SearchState {
  if (state.found !== undefined) return state;
  const trial = count(state.trial, observation);
  if (trial.failed >= windowsToFail) return lower(state, "server");
  if (trial.invalid >= windowsToGiveUp) return lower(state, "generator");
  const confirmed = trial.held >= windowsToHold;
  // On the way up one window is enough: the rate that is found in the end gets all of them.
  const isOnTheWay = state.fails === undefined && trial.perSecond < state.mostPerSecond;
  if (confirmed || (isOnTheWay && trial.held > 0)) return higher(state, confirmed);
  return { ...state, trial };
}

function trialAt(perSecond: number): Trial {
  return { perSecond, held: 0, failed: 0, invalid: 0 };
}

function count(trial: Trial, observation: Observation): Trial {
  if (observation === "holds") return { ...trial, held: trial.held + 1 };
  if (observation === "fails") return { ...trial, held: 0, failed: trial.failed + 1 };
  return { ...trial, invalid: trial.invalid + 1 };
}

function higher(state: SearchState, confirmed: boolean): SearchState {
  const { fails, ...rest } = state;
  const holds = { perSecond: state.trial.perSecond, confirmed };
  // What seemed to fail holds when looked at again: above it all is open.
  if (fails !== undefined && fails.perSecond <= holds.perSecond) return reopen({ ...rest, holds });
  return settle({ ...state, holds });
}

function lower(before: SearchState, by: Limiter): SearchState {
  const state = { ...before, unkept: by === "generator" ? before.unkept + 1 : 0 };
  const { holds, ...rest } = state;
  const { perSecond } = state.trial;
  const confirmed = by === "generator" || state.fails?.perSecond === perSecond;
  const fails = { perSecond, by, confirmed };
  if (holds !== undefined && holds.perSecond >= perSecond) return reopen({ ...rest, fails });
  return settle({ ...state, fails });
}

/** A bound was wrong, but hardly by much. */
function reopen(state: SearchState): SearchState {
  return settle({ ...state, step: 1 + 2 * state.precision });
}

/** Where to look next, or that it is found. */
function settle(state: SearchState): SearchState {
  const { holds, fails, leastPerSecond, mostPerSecond, precision } = state;
  if (fails === undefined) {
    if (holds!.perSecond >= mostPerSecond) return end(state, "most");
    return stride(state, Math.min(mostPerSecond, holds!.perSecond * state.step));
  }
  if (holds === undefined) {
    const isHopeless = fails.by === "generator" && state.unkept >= unkeptToGiveUp;
    if (isHopeless || fails.perSecond <= leastPerSecond) return end(state, fails.by);
    return stride(state, Math.max(leastPerSecond, fails.perSecond / state.step));
  }
  if (fails.perSecond > holds.perSecond * (1 + precision)) {
    return { ...state, trial: trialAt(middle(holds.perSecond, fails.perSecond)) };
  }
  const open = [holds, fails].find(({ confirmed }) => !confirmed);
  return open === undefined ? end(state, fails.by) : { ...state, trial: trialAt(open.perSecond) };
}

function stride(state: SearchState, perSecond: number): SearchState {
  return { ...state, trial: trialAt(perSecond), step: Math.min(largestStep, state.step ** 2) };
}

/** In five digits, which lie between two rates of the least precision. */
function middle(low: number, high: number): number {
  return Number(Math.sqrt(low * high).toPrecision(5));
}

function end(state: SearchState, limitedBy: Found["limitedBy"]): SearchState {
  return { ...state, found: { perSecond: state.holds?.perSecond ?? 0, limitedBy } };
}
