import type { Probes } from "../../exporting/probe.ts";
import type { SequenceWeights } from "../weights.ts";

/** What a training leaves for an export. */
export interface SequenceSource {
  readonly weights: SequenceWeights;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  /** The same list twice where all users are strangers to the model. */
  readonly probes: Probes;
  /** Of the parts that come out. */
  readonly version: string;
}
