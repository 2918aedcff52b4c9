import { operatorProblems } from "../../importing/inspect/check-operators.ts";
import { shownValue } from "../../importing/inspect/shown-value.ts";
import type { DecodedModel, DecodedValue } from "../../onnx/decode/model.ts";

/** What a sentence encoder is fed with, and what it gives. */
export interface EncoderEnds {
  readonly ids: EncoderInput;
  /** 1 where there is a token. */
  readonly mask: EncoderInput;
  /** Which name of a pair a token is of; encoders like DistilBERT do not ask. */
  readonly types?: EncoderInput;
  readonly output: EncoderOutput;
}

export interface EncoderInput {
  readonly name: string;
  readonly type: "int32" | "int64";
}

export interface EncoderOutput {
  readonly name: string;
  readonly dims: number;
}

const inputNames = { ids: "input_ids", mask: "attention_mask", types: "token_type_ids" } as const;
const outputNames = ["last_hidden_state", "token_embeddings"];
const wholeTypes: Readonly<Record<number, EncoderInput["type"]>> = { 6: "int32", 7: "int64" };
const floatTypes = [1, 10];
const maxDims = 4096;

const howToExport =
  'export it with torch.onnx.export(model, (input_ids, attention_mask), input_names=["input_ids", "attention_mask"], output_names=["last_hidden_state"], dynamic_axes={name: {0: "batch", 1: "length"} of each}), or with optimum: optimum-cli export onnx --task feature-extraction';

/** Throws an Error with everything that keeps the model from reading names. */
export function findEnds(model: DecodedModel): EncoderEnds {
  const problems = operatorProblems(model);
  const constants = new Set(model.graph.initializers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !constants.has(name));
  const input = (name: string) => inputOf(inputs, name, problems);
  const known: readonly string[] = Object.values(inputNames);
  for (const value of inputs.filter(({ name }) => !known.includes(name)))
    problems.push(
      `nobody knows what to feed ${shownValue(value)} with: compute it inside the model`,
    );
  const [ids, mask, types] = [
    input(inputNames.ids),
    input(inputNames.mask),
    input(inputNames.types),
  ];
  for (const name of [inputNames.ids, inputNames.mask])
    if (!inputs.some((value) => value.name === name))
      problems.push(`it has no input ${name}; its inputs are ${listed(inputs)}`);
  const output = outputOf(model.graph.outputs, problems);
  if (problems.length > 0 || !ids || !mask || !output)
    throw new Error([...problems, howToExport].join("\n"));
  return { ids, mask, ...(types && { types }), output };
}

function inputOf(
  inputs: readonly DecodedValue[],
  name: string,
  problems: string[],
): EncoderInput | undefined {
  const value = inputs.find((one) => one.name === name);
  if (value === undefined) return undefined;
  const type = wholeTypes[value.typeCode ?? 0];
  if (type === undefined || value.dims?.length !== 2)
    problems.push(`its input ${shownValue(value)} is no int32 or int64 of [batch, length]`);
  const fixed = value.dims?.find((dim) => typeof dim === "number" && dim > 0);
  if (fixed !== undefined)
    problems.push(`its input ${shownValue(value)} has a size of ${fixed}; both sizes must be free`);
  return type && { name, type };
}

function outputOf(outputs: readonly DecodedValue[], problems: string[]): EncoderOutput | undefined {
  const vectors = outputs.filter(({ dims }) => dims?.length === 3);
  const named = vectors.find(({ name }) => outputNames.includes(name));
  const found = named ?? (vectors.length === 1 ? vectors[0] : undefined);
  if (found === undefined) {
    problems.push(
      `it has no output ${outputNames[0]} of [batch, length, dims]; its outputs are ${listed(outputs)}`,
    );
    return undefined;
  }
  const width = found.dims!.at(-1);
  if (!floatTypes.includes(found.typeCode ?? 0))
    problems.push(`its output ${shownValue(found)} is no float32 or float16`);
  if (typeof width === "number" && width >= 1 && width <= maxDims)
    return { name: found.name, dims: width };
  problems.push(
    `its output ${shownValue(found)} does not say how wide a vector is, 1 to ${maxDims}; make that size fixed`,
  );
  return undefined;
}

function listed(values: readonly DecodedValue[]): string {
  return values.map(shownValue).join(", ") || "none";
}
