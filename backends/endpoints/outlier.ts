import type { Clock } from "../clock.ts";
import { createWindow, type Window } from "./window.ts";

/**
 * How one attempt speaks for its endpoint: it answered; it answered with a fault of its own; it was unavailable or gave
 * nothing in time; or the attempt says nothing, because its caller left or allowed too little time.
 */
export type Verdict = "answered" | "failed" | "broken" | "nothing";

/** Decides whether an endpoint is left alone for a while. */
export interface Outlier {
  /** "probe": the next attempt finds out whether it is well again. */
  state(): "in" | "out" | "probe";
  /** An attempt left; what it returns is told how it ended. */
  begin(): (verdict: Verdict) => void;
}

export interface OutlierOptions {
  readonly clock: Clock;
  readonly ejected: (forMs: number) => void;
  readonly readmitted: () => void;
}

interface In {
  readonly isOut: false;
  readonly attempts: Window;
  readonly failures: Window;
  brokenInARow: number;
}

interface Out {
  readonly isOut: true;
  readonly untilMs: number;
  isProbed: boolean;
}

const maxBrokenInARow = 5;
const windowMs = 10_000;
const minAttempts = 20;
const maxFailedShare = 0.5;
const ejectionMs = 5_000;
const longestEjectionMs = 60_000;
/** An ejection that is so long past does not lengthen the next one. */
const forgiveMs = 120_000;

/** Made for one to three endpoints, where a comparison between them says nothing. */
export function createOutlier({ clock, ejected, readmitted }: OutlierOptions): Outlier {
  let ejections = 0;
  let lastEndMs = -Infinity;
  let state: In | Out = admitted(clock);

  function eject(): void {
    const nowMs = clock.now();
    ejections = nowMs - lastEndMs > forgiveMs ? 1 : ejections + 1;
    const forMs = Math.min(ejections * ejectionMs, longestEjectionMs);
    lastEndMs = nowMs + forMs;
    state = { isOut: true, untilMs: lastEndMs, isProbed: false };
    ejected(forMs);
  }

  function judge(judged: In | Out, isProbe: boolean, verdict: Verdict): void {
    // What left before the last change of mind belongs to an endpoint as it was then.
    if (judged !== state) return;
    if (!judged.isOut) {
      if (isOutlier(judged, verdict)) eject();
    } else if (verdict === "answered") {
      state = admitted(clock);
      readmitted();
    } else if (isProbe && verdict === "nothing") judged.isProbed = false;
    else if (isProbe) eject();
  }

  const isProbeDue = () => state.isOut && !state.isProbed && clock.now() >= state.untilMs;
  return {
    state() {
      if (!state.isOut) return "in";
      return isProbeDue() ? "probe" : "out";
    },
    begin() {
      const judged = state;
      const isProbe = isProbeDue();
      if (judged.isOut && isProbe) judged.isProbed = true;
      return (verdict) => judge(judged, isProbe, verdict);
    },
  };
}

function admitted(clock: Clock): In {
  return {
    isOut: false,
    attempts: createWindow(clock, windowMs),
    failures: createWindow(clock, windowMs),
    brokenInARow: 0,
  };
}

/** Counts the verdict. */
function isOutlier(state: In, verdict: Verdict): boolean {
  if (verdict === "nothing") return false;
  state.attempts.add(1);
  state.brokenInARow = verdict === "broken" ? state.brokenInARow + 1 : 0;
  if (verdict === "answered") return false;
  state.failures.add(1);
  if (state.brokenInARow >= maxBrokenInARow) return true;
  const attempts = state.attempts.sum();
  return attempts >= minAttempts && state.failures.sum() >= maxFailedShare * attempts;
}
