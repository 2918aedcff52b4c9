import { bytesField, joinFields, textField } from "../../onnx/decode/encode-fields.ts";
import { readFields } from "../../onnx/decode/fields.ts";

/** Fields of onnx.proto that hold names of values, or messages with such fields in them. */
interface NameFields {
  readonly names: readonly number[];
  readonly inner: Readonly<Record<number, () => NameFields>>;
}

const named = (number: number): NameFields => ({ names: [number], inner: {} });
const graph: NameFields = {
  names: [],
  inner: {
    1: () => node,
    5: () => named(8),
    11: () => named(1),
    12: () => named(1),
    13: () => named(1),
  },
};
const attribute: NameFields = { names: [], inner: { 6: () => graph, 11: () => graph } };
const node: NameFields = { names: [1, 2], inner: { 5: () => attribute } };

/** A node (its message) with other names for some values; the same bytes where it mentions none of them. */
export function renameInNode(message: Uint8Array, names: ReadonlyMap<string, string>): Uint8Array {
  return names.size === 0 ? message : renameIn(message, node, names);
}

export function renameInTensor(
  message: Uint8Array,
  names: ReadonlyMap<string, string>,
): Uint8Array {
  return names.size === 0 ? message : renameIn(message, named(8), names);
}

function renameIn(
  message: Uint8Array,
  { names, inner }: NameFields,
  to: ReadonlyMap<string, string>,
): Uint8Array {
  let isChanged = false;
  const fields = readFields(message, "a node").map((field) => {
    const { number, value } = field;
    const name = names.includes(number) ? to.get(Buffer.from(value).toString()) : undefined;
    const next = inner[number];
    const changed = next && renameIn(value, next(), to);
    if (name === undefined && (changed === undefined || changed === value)) return field;
    isChanged = true;
    return name === undefined ? bytesField(number, changed!) : textField(number, name);
  });
  return isChanged ? joinFields(fields) : message;
}
