import type { Metric } from "./protocols/part.ts";
import type { Labels } from "./questions/labels.ts";
import type { Estimate } from "./statistics/bootstrap.ts";

/** What an evaluation found; as JSON it is what `--json` writes. */
export interface EvalResult {
  readonly format: 1;
  /** ISO 8601. */
  readonly started: string;
  readonly tookMs: number;
  readonly dataset: DatasetFacts;
  readonly protocol: string;
  readonly seed: number;
  readonly isAnonymous: boolean;
  /** The first is what is evaluated, the others are what it is compared with. */
  readonly sides: readonly SideFacts[];
  readonly parts: readonly PartResult[];
  /** Of the first side: in all parts together, then in each. */
  readonly standings: readonly Standing[];
  /** Why these figures prove nothing; empty when they do. */
  readonly invalid: readonly string[];
  /** What a reader must know of them nevertheless. */
  readonly warnings: readonly string[];
}

export interface DatasetFacts {
  readonly name: string;
  readonly users: number;
  /** Of how many users these were drawn. */
  readonly allUsers: number;
  readonly items: number;
  readonly notes: readonly string[];
}

export interface SideFacts {
  readonly name: string;
  readonly target: string;
  readonly model: string;
  /** "": what the server or the user's arm has. */
  readonly version: string;
  readonly family: string;
  readonly variant: string;
  /** Items that the model can recommend. */
  readonly itemCount: number;
  readonly labels: Labels;
}

export interface PartResult {
  readonly key: string;
  readonly title: string;
  readonly notes: readonly string[];
  readonly metrics: readonly Metric[];
  readonly users: number;
  /** Each side and baseline, for all users and apart. */
  readonly rows: readonly Row[];
  /** What the others differ from the first side by, user by user. */
  readonly differences: readonly Difference[];
  /** Where a user was asked several times: the mean of each side with each seed. */
  readonly seeds: readonly SeedRow[];
  /** Of lists of ten from the whole catalogue. */
  readonly lists: readonly ListFigures[];
  /** By side: users whose target had another's score, which counts as lost. */
  readonly ties: readonly number[];
}

export interface Row {
  readonly who: string;
  readonly isBaseline: boolean;
  /** "all", or which users. */
  readonly group: string;
  readonly users: number;
  /** By metric. */
  readonly values: readonly Estimate[];
}

export interface Difference {
  readonly who: string;
  readonly isBaseline: boolean;
  /** "all", or of which users. */
  readonly group: string;
  /** By metric: what `who` has more than the first side. */
  readonly values: readonly Estimate[];
  /** Shares of the first ten, or of the same first one; for all users, absent for baselines. */
  readonly overlapAt10?: Estimate;
  readonly sameTop1?: Estimate;
}

/** Beside one baseline. A cell is a metric of a group of users. */
export interface Standing {
  /** Its key; "all": in all together. */
  readonly part: string;
  readonly rival: string;
  readonly cells: number;
  /** By the means. */
  readonly above: number;
  /** By the whole interval of the paired difference. */
  readonly surelyAbove: number;
  /** "given5, seeds never seen, clicks" */
  readonly notAbove: readonly string[];
}

export interface SeedRow {
  readonly who: string;
  readonly seed: number;
  /** By metric. */
  readonly means: readonly number[];
}

export interface ListFigures {
  readonly who: string;
  /** Different items in all lists together, and their share of the catalogue. */
  readonly distinct: number;
  readonly coverage: number;
  /** Mean over pairs within a list of how unlike they are, 0 to 1; absent where nothing says it. */
  readonly diversity?: number;
  /** Mean log10 of 1 + how often the recommended were chosen in training. */
  readonly logPopularity: number;
  /** Of how often each item of the catalogue is recommended: 0 all alike, 1 one item only. */
  readonly gini: number;
}
