import { buildGraph } from "../../onnx/build-graph.ts";
import type { Graph } from "../../onnx/graph.ts";
import { cast, rename } from "../../onnx/operators.ts";
import type { BodyInputs } from "../inspect/find-inputs.ts";
import { feedBody } from "./feed-body.ts";
import { countItems } from "./count-items.ts";

/**
 * The body alone, for trying it out. Inputs, all int32: `ids` [B, L], the model's own with its padding; `real` [B, L], 1 where there is
 * an item; `user` [B]. Outputs: `values` float32, all that the body gives, one after the other; `dims` int32, in which shape.
 */
export function probeGraph(inputs: BodyInputs, value: string): Graph {
  return buildGraph("probe", (graph) => {
    const ids = graph.input("ids", "int32", ["batch", "length"]);
    const isItem = cast(graph, graph.input("real", "int32", ["batch", "length"]), "bool");
    const user = graph.input("user", "int32", ["batch"]);
    const feeds = { ids, isItem, counts: countItems(graph, isItem), user };
    const found = feedBody(graph, inputs, { feeds, value });
    const flat = graph.node("Reshape", [cast(graph, found, "float32"), graph.int64([-1])]);
    graph.output(rename(graph, flat, "values"), "float32", ["all"]);
    const dims = cast(graph, graph.node("Shape", [found]), "int32");
    graph.output(rename(graph, dims, "dims"), "int32", ["rank"]);
  });
}
