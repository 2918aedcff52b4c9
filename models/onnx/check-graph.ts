import { byteLengthOf } from "./element-type.ts";
import { branchesOf, isExternal } from "./graph.ts";
import type { Graph, Initializer, Node } from "./graph.ts";

/** Throws an Error that lists every problem: a runtime would name the first, in terms of its own. */
export function checkGraph(graph: Graph): void {
  const problems = problemsIn(graph, new Set());
  if (problems.length === 0) return;
  throw new Error(
    `graph "${graph.name}" cannot be written:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
  );
}

/** `outer`: the names that the graphs around this one have defined so far. */
function problemsIn(graph: Graph, outer: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const known = new Set(outer);
  const define = (name: string, kind: string): void => {
    if (name === "") problems.push(`${graph.name}: a ${kind} has no name`);
    if (known.has(name))
      problems.push(
        `${graph.name}: ${kind} "${name}" is defined twice; names are unique, branches included`,
      );
    known.add(name);
  };
  for (const { name } of graph.inputs) define(name, "input");
  for (const initializer of graph.initializers) {
    define(initializer.name, "initializer");
    problems.push(...problemsInBytes(initializer));
  }
  for (const node of graph.nodes) {
    problems.push(...unknownInputs(node, known).map((problem) => `${graph.name}: ${problem}`));
    for (const branch of branchesOf(node)) problems.push(...problemsIn(branch, known));
    for (const name of node.outputs) define(name, `output of ${node.op}`);
  }
  if (graph.outputs.length === 0)
    problems.push(`${graph.name}: it has no outputs; declare at least one`);
  for (const { name } of graph.outputs) {
    if (!known.has(name)) problems.push(`${graph.name}: output "${name}" is computed by no node`);
  }
  return problems;
}

/** An empty name is how ONNX leaves an optional input out. */
function unknownInputs(node: Node, known: ReadonlySet<string>): string[] {
  return node.inputs
    .filter((name) => name !== "" && !known.has(name))
    .map((name) => `${node.op} reads "${name}", which nothing before it defines`);
}

function problemsInBytes({ name, type, dims, bytes }: Initializer): string[] {
  const problems: string[] = [];
  const expected = byteLengthOf(type, dims);
  const actual = isExternal(bytes) ? bytes.lengthBytes : bytes.byteLength;
  if (actual !== expected) {
    problems.push(
      `initializer "${name}" has ${actual} bytes, but ${type} [${dims.join(", ")}] takes ${expected}`,
    );
  }
  if (isExternal(bytes) && !isInside(bytes.file)) {
    problems.push(
      `initializer "${name}" names the file "${bytes.file}"; allowed is a path below the model's folder, with forward slashes`,
    );
  }
  return problems;
}

function isInside(file: string): boolean {
  return (
    !file.includes("\\") &&
    file.split("/").every((step) => step !== "" && step !== "." && step !== "..")
  );
}
