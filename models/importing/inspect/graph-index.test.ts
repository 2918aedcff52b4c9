import { expect, test } from "vitest";
import type { DecodedNode } from "../../onnx/decode/model.ts";
import { findItemTable } from "./find-item-table.ts";
import { indexGraph } from "./graph-index.ts";

const noFields = { fields: [], initializers: [], inputs: [], outputs: [], name: "" };

test("a chain of nodes that read a value many times over is walked once", () => {
  const nodes = Array.from({ length: 200 }, (_, i) => node("Clip", `x${i}`, `x${i + 1}`));
  expect(findItemTable(indexGraph({ ...noFields, nodes }), "x0")).toBeUndefined();
});

test("a value that two nodes compute is refused", () => {
  const nodes = [node("Identity", "x0", "x1"), node("Identity", "x0", "x1")];
  expect(() => indexGraph({ ...noFields, nodes })).toThrow('two of its nodes compute "x1"');
});

function node(op: string, from: string, to: string): DecodedNode {
  return { op, domain: "", inputs: [from, from, from], outputs: [to], attributes: [] } as never;
}
