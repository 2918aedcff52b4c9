import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import { tokenPadding } from "./encoder-tower.ts";

/** 2 · id + type each, no padding. */
export type TrackTokens = Int32Array;

/** The tower takes 8 at once, or fewer of all. */
const multiple = 8;

/**
 * The vectors of tracks, one after the other, by a runner of `vectorsGraph`.
 * @param length None has more tokens.
 */
export async function encodeTracks(
  runner: GraphRunner,
  tracks: readonly TrackTokens[],
  length: number,
): Promise<Float32Array> {
  const rows = multiple * Math.ceil(tracks.length / multiple);
  const data = new Int32Array(rows * length).fill(tokenPadding);
  tracks.forEach((tokens, i) => data.set(tokens, i * length));
  const tokens = { type: "int32", dims: [1, rows, length], data } as const;
  const { vectors } = await runner.run({ tokens }, unhurried);
  const all = vectors!.data as Float32Array;
  return all.slice(0, (all.length / rows) * tracks.length);
}
