import type { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Question } from "../questions/question.ts";

/** What is asked under one rule, and how answers count. */
export interface Part {
  /** For gates and files, e.g. "removed". */
  readonly key: string;
  /** E.g. "Full ranking, seen items removed". */
  readonly title: string;
  /** The rules, in sentences. */
  readonly notes: readonly string[];
  readonly metrics: readonly Metric[];
  readonly baselines: readonly string[];
  readonly trials: readonly Trial[];
  /** Lists are drawn from the whole catalogue, so that coverage, diversity and popularity mean something. */
  readonly isOpen: boolean;
}

export interface Metric {
  readonly name: string;
  /** What is worse is larger. */
  readonly isLowerBetter?: true;
  /** A point of the curve, too many for a table. */
  readonly isCurve?: true;
}

/** One question about one user; a user may be asked several times, with negatives of other seeds. */
export interface Trial {
  /** Whom the bootstrap draws, from 0. */
  readonly subject: number;
  /** Of negatives, where there are several. */
  readonly seed?: number;
  /** Apart from others in the tables, e.g. "seeds never seen". */
  readonly group?: string;
  readonly question: Question;
  /** By metric; NaN where it says nothing. */
  judge(answer: Pick<RecommendResponse, "items">): readonly number[];
  /** By baseline, by metric. */
  readonly baselines: readonly (readonly number[])[];
  /** By baseline: it has nothing of its own to say, and says what another would. Absent: all speak for themselves. */
  readonly isSilent?: readonly boolean[];
  /** The target was there with another that has its score. */
  isTied?(answer: Pick<RecommendResponse, "items">): boolean;
  /** By baseline: what it would have put first, where lists are open; empty for those without a list. */
  readonly baselineLists?: readonly (readonly string[])[];
}
