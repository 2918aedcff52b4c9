import type { GraphTensors } from "../family.ts";

/** What `encodeRows` feeds and replies are made of; `sequenceGraph` says what they mean. */
export const sequenceTensors: GraphTensors = {
  inputs: [
    { name: "user", type: "int32", dims: [-1] },
    { name: "sequence", type: "int32", dims: [-1, -1] },
    { name: "candidates", type: "int32", dims: [-1, -1] },
    { name: "k", type: "int32", dims: [1] },
  ],
  outputs: [
    { name: "ids", type: "int32", dims: [-1, -1] },
    { name: "scores", type: "float32", dims: [-1, -1] },
  ],
};
