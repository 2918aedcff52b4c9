import type { RequestLimits } from "../proto/request-limits.ts";
import type { Bundle } from "./bundle/bundle.ts";
import type { Variant } from "./bundle/manifest.ts";
import type { Family } from "./family.ts";

export interface OpenFamilyOptions {
  readonly limits: RequestLimits;
  /** For all intermediates of a run. */
  readonly intermediateBytes?: number;
}

/** A family bound to one bundle, and the graph that computes it. */
export interface OpenedFamily {
  readonly family: Family;
  /** Part name of the variant's graph. */
  readonly graph: string;
  /** Names of the parts that the graph reads; every session does. */
  readonly weights: readonly string[];
  readonly itemCount: number;
}

/** Throws a ServingError for parts that do not fit together. */
export type OpenFamily = (
  bundle: Bundle,
  variant: Variant,
  options: OpenFamilyOptions,
) => Promise<OpenedFamily>;
