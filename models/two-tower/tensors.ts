import type { GraphTensors } from "../family.ts";

/** What `encodeRows` feeds and `createRowReplier` reads; `twoTowerGraph` says what they mean. */
export const twoTowerTensors: GraphTensors = {
  inputs: [
    { name: "user", type: "int32", dims: [-1] },
    { name: "history", type: "int32", dims: [-1, -1] },
    { name: "candidates", type: "int32", dims: [-1, -1] },
    { name: "k", type: "int32", dims: [1] },
  ],
  outputs: [
    { name: "ids", type: "int32", dims: [-1, -1] },
    { name: "scores", type: "float32", dims: [-1, -1] },
  ],
};
