import type { Backend } from "../backends/backend.ts";
import type { Meter } from "../backends/meter.ts";
import type { IdType } from "../models/catalogue/id-rules.ts";
import type { PartFiles } from "../models/bundle/part-files.ts";
import type { ServedBy } from "../models/family.ts";
import type { Recommended } from "../models/recommended.ts";

/** What a server tells about a model version that it holds: in ListModels, in metrics, in the log. */
export interface ModelInfo {
  readonly family: string;
  /** E.g. "qint8". */
  readonly variant: string;
  readonly itemCount: number;
  /** When the bundle was made. */
  readonly created: Date;
  /** The variant's measured agreement with fp32. */
  readonly overlapAt10: number;
  readonly idType: IdType;
}

/** A model version, loaded and warm. */
export interface LoadedVersion {
  readonly model: string;
  readonly version: string;
  /** Whoever takes the version closes it. */
  readonly backend: Backend;
  readonly info: ModelInfo;
  /** What its replies recommended. */
  readonly recommended?: Recommended;
  /** Where it maps files that could change under it. */
  readonly files?: PartFiles;
}

export interface LoadOptions {
  /** Aborts when the server shuts down: the load may give up. */
  readonly signal: AbortSignal;
  /** How many versions of the model have memory already. Default: none. */
  versionsLoaded?(model: string): number;
  /** Where the backend tells about its work. */
  meterFor(by: ServedBy): Meter;
  /** A session died; another takes its place in `restartMs`. */
  lost(by: ServedBy, why: Error, restartMs: number): void;
  /** Sessions hung when they were to end, and were left to themselves. */
  abandoned(by: ServedBy, why: Error): void;
}

/** Loads the bundle in a folder and warms it up; rejects when it cannot be served. */
export type Load = (dir: string, options: LoadOptions) => Promise<LoadedVersion>;
