import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";

/** What a tower made of the names of the tracks that nobody knows. */
export interface TowerTexts {
  /** float32 [B x U, dims]. Of a place without a track, anything. */
  readonly vectors: Value;
  /** bool [B, U]: whether there is a track. */
  readonly isTrack: Value;
}

/** Declares the inputs and the weights of a tower, and what it computes. Of U = 0, too. */
export type DeclareTower = (graph: GraphBuilder) => TowerTexts;
