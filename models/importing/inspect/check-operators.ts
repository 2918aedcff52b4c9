import type { DecodedGraph, DecodedModel } from "../../onnx/decode/model.ts";

/** Domains whose operators the runtime brings along; whether it has that very one, it says itself when it opens the file. */
const knownDomains = new Set(["", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"]);

/** The oldest opset in whose form the nodes around an imported body can be written, and the newest that the runtime promises to run. */
export const opsetRange = { min: 13, max: 25 } as const;

/** What keeps the runtime from running the model, each with what would help. */
export function operatorProblems({ opsets, graph, functions }: DecodedModel): string[] {
  const standard = opsets.find(({ domain }) => domain === "")?.version;
  return [...opsetProblems(standard), ...customOperators(graph, new Set(functions))];
}

function opsetProblems(version: number | undefined): string[] {
  const { min, max } = opsetRange;
  if (version === undefined)
    return ["it does not say which opset it uses; export it again with torch.onnx.export"];
  if (version >= min && version <= max) return [];
  const remedy =
    version < min
      ? `export it with opset_version=17, or convert it: onnx.version_converter.convert_version(model, 17)`
      : `export it with opset_version=${max} or lower`;
  return [`it uses opset ${version}; opsets ${min} to ${max} are understood: ${remedy}`];
}

function customOperators(graph: DecodedGraph, functions: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  const visit = ({ nodes }: DecodedGraph): void => {
    for (const { domain, op, attributes } of nodes) {
      const isKnown = knownDomains.has(domain) || functions.has(`${domain}:${op}`);
      if (!isKnown) counts.set(`${domain}.${op}`, (counts.get(`${domain}.${op}`) ?? 0) + 1);
      for (const { graphs } of attributes) graphs.forEach(visit);
    }
  };
  visit(graph);
  if (counts.size === 0) return [];
  const names = [...counts].map(([name, count]) => (count > 1 ? `${name} (${count} times)` : name));
  return [
    `it uses operators that the runtime does not have: ${names.join(", ")}; export the model with plain PyTorch modules in their place, or without the extension that brought them`,
  ];
}
