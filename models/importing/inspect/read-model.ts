import type { ModelFile } from "../../onnx/decode/read-model-file.ts";
import { operatorProblems } from "./check-operators.ts";
import { findHead, type Head } from "./find-head.ts";
import { findInputs, type BodyInputs, type NamedInputs } from "./find-inputs.ts";
import { findItemTable, type ItemTable } from "./find-item-table.ts";
import { findOutput, type FoundOutput } from "./find-output.ts";
import { indexGraph, type GraphIndex } from "./graph-index.ts";

export interface NamedEnds extends NamedInputs {
  readonly output?: string | undefined;
}

/** What can be told of a model without running it. */
export interface ReadModel extends ModelFile {
  readonly index: GraphIndex;
  readonly inputs: BodyInputs;
  readonly output: FoundOutput;
  readonly table: ItemTable | undefined;
  /** The last product, where the output is scores that come of one. */
  readonly head: Head | undefined;
}

/** Throws an Error with everything that keeps the model from being served. */
export function readModel(file: ModelFile, named: NamedEnds): ReadModel {
  const problems = operatorProblems(file.model);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const index = indexGraph(file.model.graph);
  const inputs = findInputs(file.model, named);
  const output = findOutput(index, named.output);
  return {
    ...file,
    index,
    inputs,
    output,
    table: findItemTable(index, inputs.sequence.name),
    head: findHead(index, output.value, inputs.sequence.rank === 2 ? output.rank : undefined),
  };
}
