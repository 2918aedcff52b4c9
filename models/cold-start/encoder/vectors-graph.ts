import { buildGraph } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { rename } from "../../onnx/operators.ts";
import { encoderTower, type EncoderTower } from "./encoder-tower.ts";

/** The tower alone. Input `tokens` as it has it, output `vectors` float32 [B x U, dims]: for training, and for trying an encoder out. */
export function vectorsGraph(tower: EncoderTower): Graph {
  return buildGraph("encoder", (graph) => {
    const { vectors } = encoderTower(tower)(graph);
    graph.output(rename(graph, vectors, "vectors"), "float32", ["tracks", tower.ends.output.dims]);
  });
}
