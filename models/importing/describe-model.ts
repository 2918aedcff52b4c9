import type { ReadModel } from "./inspect/read-model.ts";
import { shownValue } from "./inspect/shown-value.ts";
import type { Fact } from "./plan.ts";

/** What can be told of a model before it is run: for whoever has no catalogue yet. */
export function describeModel({ model, inputs, output, table, head }: ReadModel): readonly Fact[] {
  const opset = model.opsets.find(({ domain }) => domain === "")!.version;
  const rows = head === undefined ? table?.rows : head.columns;
  const sequence = model.graph.inputs.find(({ name }) => name === inputs.sequence.name)!;
  return [
    [
      "the file",
      `${model.producer || "unnamed producer"}, opset ${opset}, ${model.graph.nodes.length} nodes`,
    ],
    ["inputs", model.graph.inputs.map(shownValue).join(", ")],
    ["outputs", model.graph.outputs.map(shownValue).join(", ")],
    ["the sequence", shownValue(sequence)],
    ["the output", `${output.shown}${output.isRanked ? ", whose own TopK is left out" : ""}`],
    [
      "its table",
      table === undefined ? "not found" : `${table.tensor.name} [${table.rows}, ${table.dims}]`,
    ],
    [
      "its head",
      head === undefined
        ? "not found: what it gives is taken as it is"
        : `${head.form} with ${head.weight.name}`,
    ],
    [
      "the catalogue",
      rows === undefined
        ? "one line for each item, in the order of the model's ids"
        : `${rows - 1} lines where one id is padding, ${rows} where none is, in the order of the model's ids`,
    ],
  ];
}
