import type { Answers } from "./answers.ts";
import type { Departures } from "./departures.ts";
import type { Outcomes } from "./outcomes.ts";
import type { RunPart } from "./run-part.ts";
import type { Seconds } from "./seconds.ts";
import type { WarmUpTally } from "./warm-up.ts";

export interface Counted {
  readonly departures: Departures;
  readonly outcomes: Outcomes;
  readonly answers: Answers;
  readonly seconds: Seconds;
  readonly warmUp: WarmUpTally;
}

export function partOf({ departures, outcomes, answers, seconds, warmUp }: Counted): RunPart {
  const { lag, lastLeftMs, ...left } = departures.figures();
  const { answers: answerCount, degraded, ...replies } = answers.figures();
  const { counts, ...ended } = outcomes.figures();
  const unfinished = left.sent - counts.ok - (counts.failed - left.missed) - counts.cancelled;
  return {
    ...ended,
    ...replies,
    counts: { ...left, ...counts, unfinished, answers: answerCount, degraded },
    lag,
    lastLeftMs,
    seconds: seconds.list(),
    warmUp: warmUp.figures(),
  };
}
