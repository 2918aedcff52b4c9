import type { TwoTowerWeights } from "../weights.ts";
import type { Probes } from "../../exporting/probe.ts";

/** What a training leaves for an export. */
export interface TwoTowerSource {
  readonly weights: TwoTowerWeights;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  readonly probes: Probes;
  /** Of the parts that come out. */
  readonly version: string;
}
