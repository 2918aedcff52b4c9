import type { GraphTensors } from "../../models/family.ts";
import type { TensorInfo } from "../../models/tensors.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Engine } from "../engine.ts";

/** Throws FAILED_PRECONDITION, naming every tensor of the engine's graph that is not what the family works with. */
export function checkTensors(
  { inputs, outputs }: Pick<Engine, "inputs" | "outputs">,
  wanted: GraphTensors,
): void {
  const problems = [
    ...misfits("input", wanted.inputs, inputs),
    ...misfits("output", wanted.outputs, outputs),
  ];
  if (problems.length === 0) return;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `the graph does not fit its family; export it again, or name another family:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
  );
}

function misfits(
  kind: "input" | "output",
  wanted: readonly TensorInfo[],
  found: readonly TensorInfo[],
): string[] {
  return wanted.flatMap((tensor) => {
    const named = found.find(({ name }) => name === tensor.name);
    if (named !== undefined && fits(kind, tensor, named)) return [];
    const instead = named
      ? describe(named)
      : `there are ${found.map(({ name }) => name).join(", ")}`;
    return [`${kind} ${describe(tensor)} is wanted, ${instead}`];
  });
}

/** A run chooses the free sizes of inputs; those of outputs follow, and the outputs of a warm-up tell whether they are right. */
function fits(kind: "input" | "output", wanted: TensorInfo, found: TensorInfo): boolean {
  if (wanted.type !== found.type || wanted.dims.length !== found.dims.length) return false;
  return (
    kind === "output" ||
    wanted.dims.every((dim, axis) => found.dims[axis] === -1 || found.dims[axis] === dim)
  );
}

function describe({ name, type, dims }: TensorInfo): string {
  return `${name}: ${type} [${dims.map((dim) => (dim === -1 ? "any" : dim)).join(", ")}]`;
}
