import type { DecodedNode, DecodedValue } from "../../onnx/decode/model.ts";
import type { GraphIndex } from "./graph-index.ts";
import { shownValue } from "./shown-value.ts";

export interface FoundOutput {
  /** The value to rank by, inside the graph. */
  readonly value: string;
  /** The output that led there, as people write it. */
  readonly shown: string;
  /** It ranked by itself: what its TopK reads is taken instead. */
  readonly isRanked: boolean;
  /** Undefined: the file does not say. */
  readonly rank: number | undefined;
}

const floatTypes = [1, 10, 11, 16];

/** @param wanted What somebody named; else the only one, or the one whose name tells. */
export function findOutput(index: GraphIndex, wanted: string | undefined): FoundOutput {
  const { outputs } = index.graph;
  const output = choose(outputs, wanted);
  const rank = output.dims?.length;
  const ranking = topKBehind(index, output.name);
  if (ranking !== undefined) assertBestFirst(ranking, output);
  if (ranking !== undefined)
    return { value: ranking.inputs[0]!, shown: shownValue(output), isRanked: true, rank };
  if (!floatTypes.includes(output.typeCode ?? 0))
    throw new Error(
      `its output ${shownValue(output)} is no scores and does not come from a TopK; export the scores themselves (logits), or the vector that items are compared with, and name it with --output`,
    );
  return { value: output.name, shown: shownValue(output), isRanked: false, rank };
}

function choose(outputs: readonly DecodedValue[], wanted: string | undefined): DecodedValue {
  const named = outputs.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  const all = outputs.map(shownValue).join(", ");
  if (wanted !== undefined) throw new Error(`there is no output "${wanted}"; there is ${all}`);
  if (outputs.length === 1) return outputs[0]!;
  const telling = outputs.filter(({ name }) => /logits|scores|prob|pred/i.test(name));
  if (telling.length === 1) return telling[0]!;
  throw new Error(
    `it has several outputs; say which one tells what to recommend: --output NAME, of ${all}`,
  );
}

const lowestFirst = 0;

/** Its ranking is left out, so it must be ours: the greatest score is the best. */
function assertBestFirst({ attributes }: DecodedNode, output: DecodedValue): void {
  const order = attributes.find(({ name }) => name === "largest")?.integer;
  if (order !== lowestFirst) return;
  throw new Error(
    `its output ${shownValue(output)} comes from a TopK with largest=0: the smallest is its best, as with distances, and here the greatest score is; export what it ranks with the sign turned, e.g. -distances`,
  );
}

const passingOn = new Set(["Identity", "Cast", "Add", "Sub", "Squeeze", "Reshape"]);

function topKBehind(index: GraphIndex, value: string): DecodedNode | undefined {
  const node = index.producer(value);
  if (node?.op === "TopK") return node;
  const isRename = node !== undefined && passingOn.has(node.op);
  const isAlone = isRename && node.inputs.slice(1).every((input) => index.constant(input));
  return isAlone ? topKBehind(index, node.inputs[0]!) : undefined;
}
