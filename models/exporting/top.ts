/** One row's results, best first. */
export interface Top {
  readonly ids: Int32Array;
  readonly scores: Float32Array;
}
