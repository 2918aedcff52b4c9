import type { DecodedModel, DecodedValue } from "../../onnx/decode/model.ts";
import { typeName } from "../../onnx/decode/type-codes.ts";
import { shownValue } from "./shown-value.ts";

/** What the graph is to be fed with, by role. */
export interface BodyInputs {
  readonly sequence: SequenceInput;
  /** 1 or true where there is an item; with `marksPadding` where there is none. */
  readonly mask?: InputValue & { readonly marksPadding: boolean };
  /** How many items, [B]. */
  readonly lengths?: InputValue;
  /** [B] or [B, 1]. */
  readonly user?: InputValue;
}

export interface InputValue {
  readonly name: string;
  readonly typeCode: number;
  readonly rank: number;
}

export interface SequenceInput extends InputValue {
  /** Undefined: free. */
  readonly batch: number | undefined;
  /** Undefined: free. */
  readonly length: number | undefined;
}

/** What somebody said of the inputs; the others are found by type, shape and name. */
export interface NamedInputs {
  readonly input?: string | undefined;
  readonly mask?: string | undefined;
  readonly paddingMask?: string | undefined;
  readonly lengths?: string | undefined;
  readonly user?: string | undefined;
}

const integerTypes = [6, 7];
const maskTypes = [1, 6, 7, 9];

/** Throws an Error that says what is there and what would make it work. */
export function findInputs({ graph }: DecodedModel, named: NamedInputs): BodyInputs {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  checkNames(inputs, named);
  checkRanks(inputs);
  const roles = inputs.map((value) => [value, roleOf(value, named)] as const);
  const sequence = sequenceOf(roles, inputs, named);
  const withRole = (role: Role) => roles.find(([value, one]) => one === role && value !== sequence);
  const others = roles.filter(([value, role]) => value !== sequence && role === "sequence");
  const strange = roles.filter(([value, role]) => role === "unknown" && value !== sequence);
  const left = [...others, ...strange].map(([value]) => shownValue(value));
  if (left.length > 0)
    throw new Error(
      `nobody knows what to feed ${left.join(" and ")} with; compute it inside the model, or say what it is with --mask, --padding-mask, --lengths or --user`,
    );
  const [mask, paddingMask] = [withRole("mask"), withRole("paddingMask")];
  const [lengths, user] = [withRole("lengths"), withRole("user")];
  checkWhole(lengths?.[0], "how many items there are");
  checkWhole(user?.[0], "a user's id");
  const theMask = mask ?? paddingMask;
  return {
    sequence: asSequence(sequence),
    ...(theMask && {
      mask: { ...asValue(theMask[0]), marksPadding: theMask[1] === "paddingMask" },
    }),
    ...(lengths && { lengths: asValue(lengths[0]) }),
    ...(user && { user: asValue(user[0]) }),
  };
}

type Role = "sequence" | "mask" | "paddingMask" | "lengths" | "user" | "unknown";

function roleOf(value: DecodedValue, named: NamedInputs): Role {
  const { name, typeCode = 0, dims = [] } = value;
  if (name === named.input) return "sequence";
  if (name === named.mask) return "mask";
  if (name === named.paddingMask) return "paddingMask";
  if (name === named.lengths) return "lengths";
  if (name === named.user) return "user";
  const isWhole = integerTypes.includes(typeCode);
  if (/padding_?mask|pad_mask/i.test(name) && maskTypes.includes(typeCode)) return "paddingMask";
  if (/mask/i.test(name) && maskTypes.includes(typeCode)) return "mask";
  if (isWhole && dims.length === 1 && /len/i.test(name)) return "lengths";
  if (isWhole && /user/i.test(name) && (dims.length === 1 || dims[1] === 1)) return "user";
  if (/position/i.test(name)) return "unknown";
  return isWhole && (dims.length === 2 || dims.length === 1) ? "sequence" : "unknown";
}

function sequenceOf(
  roles: readonly (readonly [DecodedValue, Role])[],
  inputs: readonly DecodedValue[],
  { input }: NamedInputs,
): DecodedValue {
  const named = inputs.find(({ name }) => name === input);
  const possible = roles.flatMap(([one, role]) => (role === "sequence" ? one : []));
  const batched = possible.filter(({ dims }) => dims?.length === 2);
  const found = named ? [named] : batched.length > 0 ? batched : possible;
  const [first, second] = found;
  const all = inputs.map(shownValue).join(", ") || "none";
  if (second !== undefined)
    throw new Error(
      `${found.map(shownValue).join(" and ")} could all be the sequence of item ids; say which: --input ${first!.name}`,
    );
  if (first === undefined)
    throw new Error(
      `it has no input for a sequence of item ids, which is int32 or int64 of [batch, length] or [length]; its inputs are ${all}. ${remedyFor(inputs)}`,
    );
  if (!integerTypes.includes(first.typeCode ?? 0))
    throw new Error(
      `its sequence ${shownValue(first)} is no int32 or int64; ids are whole numbers: take them as such and convert inside the model, e.g. ids.long(), then export it again`,
    );
  if (first.dims!.length > 2 || first.dims!.length === 0)
    throw new Error(
      `its sequence ${shownValue(first)} must have the dimensions [batch, length] or [length]; export it with one id per position`,
    );
  return first;
}

function remedyFor(inputs: readonly DecodedValue[]): string {
  const isFloat = inputs.some(({ typeCode, dims }) => typeCode === 1 && dims?.length === 2);
  return isFloat
    ? "If the floats are ids, take them as whole numbers and convert inside the model, e.g. ids.long(), then export it again; features of items cannot be served from ids"
    : "Export the part of the model that takes the ids a user has chosen";
}

const flags = {
  input: "--input",
  mask: "--mask",
  paddingMask: "--padding-mask",
  lengths: "--lengths",
  user: "--user",
} as const;

function checkNames(inputs: readonly DecodedValue[], named: NamedInputs): void {
  const known = inputs.map(({ name }) => name);
  for (const [role, flag] of Object.entries(flags)) {
    const name = named[role as keyof typeof flags];
    if (name !== undefined && !known.includes(name))
      throw new Error(`there is no input "${name}" for ${flag}; there is ${known.join(", ")}`);
  }
}

function checkRanks(inputs: readonly DecodedValue[]): void {
  const bad = inputs.filter(({ dims, typeCode }) => dims === undefined || typeCode === undefined);
  if (bad.length === 0) return;
  const names = bad.map(({ name, typeCode }) => `"${name}" (${typeName(typeCode)})`).join(", ");
  throw new Error(
    `nobody can tell how many dimensions ${names} has; give it a shape: export with dynamic_axes={"${bad[0]!.name}": {0: "batch", 1: "length"}}, which makes sizes free and keeps their number`,
  );
}

function checkWhole(value: DecodedValue | undefined, what: string): void {
  if (value === undefined || integerTypes.includes(value.typeCode ?? 0)) return;
  throw new Error(
    `${shownValue(value)} is no int32 or int64, and ${what} is a whole number; take it as one and convert inside the model, or compute that input inside the model, then export it again`,
  );
}

function asValue({ name, typeCode, dims }: DecodedValue): InputValue {
  return { name, typeCode: typeCode!, rank: dims!.length };
}

function asSequence(value: DecodedValue): SequenceInput {
  const dims = value.dims!.map((dim) => (typeof dim === "number" && dim > 0 ? dim : undefined));
  const hasBatch = dims.length === 2;
  const batch = hasBatch ? dims[0] : 1;
  if (batch !== undefined && batch > 1)
    throw new Error(
      `its batch is fixed at ${batch}: ${shownValue(value)}; export it with a free batch (dynamic_axes={"${value.name}": {0: "batch"}}), or with a batch of 1, which is served one request at a time`,
    );
  return { ...asValue(value), batch, length: hasBatch ? dims[1] : dims[0] };
}
