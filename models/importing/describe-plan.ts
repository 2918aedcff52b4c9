import { shownValue } from "./inspect/shown-value.ts";
import { describeUser } from "./describe-user.ts";
import type { Fact, ImportPlan } from "./plan.ts";
import type { PaddingChoice } from "./try/choose-padding.ts";
import { typeName } from "../onnx/decode/type-codes.ts";

interface Choices {
  readonly padding: PaddingChoice;
  readonly longest: number | undefined;
  readonly isLastItemOnly: boolean;
}

/** What was understood, line by line, each with how it was found out. */
export function describePlan(
  plan: Omit<ImportPlan, "facts">,
  { padding, longest, isLastItemOnly }: Choices,
): readonly Fact[] {
  const { read, inputs, ids, items, lengths, largestBatch } = plan;
  const { model, output } = read;
  const user = describeUser(plan);
  const opset = model.opsets.find(({ domain }) => domain === "")!.version;
  const sequence = model.graph.inputs.find(({ name }) => name === inputs.sequence.name)!;
  return [
    [
      "the file",
      `${model.producer || "unnamed producer"}, opset ${opset}, ${model.graph.nodes.length} nodes`,
    ],
    ["the sequence", shownValue(sequence)],
    ...(inputs.mask ? [maskFact(inputs.mask)] : []),
    ...(inputs.lengths ? [["lengths", inputs.lengths.name] as const] : []),
    ...(user === undefined ? [] : [["the user", user] as const]),
    [
      "item ids",
      `${ids.firstId} to ${ids.firstId + items - 1}, in the order of the catalogue; ${ids.paddingId} is padding (${ids.reason})`,
    ],
    [
      "padding",
      `on the ${padding.side} (${padding.reason}), ${lengthsText(lengths, padding.isFree)}`,
    ],
    ...(isLastItemOnly ? [["history", "the last item alone, as was said"] as const] : []),
    ["longest sequence", longestText(lengths.at(-1)!, longest)],
    ["the output", `${output.shown}${output.isRanked ? ", whose own TopK is left out" : ""}`],
    ["scores", scoresText(plan)],
    ["batch", largestBatch === 1 ? batchOfOne(inputs) : "free"],
  ];
}

function batchOfOne({ sequence }: ImportPlan["inputs"]): string {
  return sequence.batch === 1
    ? "one at a time, as it was exported"
    : "one at a time: it does not run on several, whatever it says of itself";
}

function maskFact({
  name,
  typeCode,
  marksPadding,
}: NonNullable<ImportPlan["inputs"]["mask"]>): Fact {
  return [
    "mask",
    `${name} ${typeName(typeCode)}, set where there is ${marksPadding ? "padding" : "an item"}`,
  ];
}

function lengthsText(lengths: readonly number[], isFree: boolean): string {
  if (lengths.length > 1) return `to ${lengths.join(", ")}`;
  return `always to ${lengths[0]}${isFree ? "" : ", on which its answers depend"}`;
}

function longestText(most: number, longest: number | undefined): string {
  if (longest === undefined) return `${most}, though it takes any (--max-length)`;
  return most === longest
    ? `${most}, the most it takes`
    : `${most} of the ${longest} that it takes`;
}

function scoresText({
  head,
  isVectors,
  read,
  ids,
  items,
  serving,
}: Omit<ImportPlan, "facts">): string {
  const isEverywhere = serving.shape.includes("length");
  if (head === undefined)
    return `columns ${ids.firstColumn} to ${ids.firstColumn + items - 1} of what it gives${isEverywhere ? " for the last position" : ""}, as they are`;
  const by = `${head.weight.name} [${head.weight.dims.join(", ")}]`;
  const where = isEverywhere ? ", computed for the last position alone" : "";
  return isVectors
    ? `its vectors times ${by}${where}`
    : `${read.head!.form} with ${by}, ${items} columns from ${ids.firstColumn + head.offset}${where}`;
}
