import type { GraphTensors } from "../family.ts";

/** What `encodeRows` feeds and replies are made of; `coldStartGraph` says what they mean. */
export function coldStartTensors(towerInputs: readonly string[]): GraphTensors {
  return {
    inputs: [
      { name: "tracks", type: "int32", dims: [-1, -1] },
      ...towerInputs.map((name) => ({ name, type: "int32" as const, dims: [-1, -1, -1] })),
      { name: "candidates", type: "int32", dims: [-1, -1] },
      { name: "k", type: "int32", dims: [1] },
    ],
    outputs: [
      { name: "ids", type: "int32", dims: [-1, -1] },
      { name: "scores", type: "float32", dims: [-1, -1] },
    ],
  };
}
