import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Where in a message of onnx.proto external data may be named, by field number. */
interface Walk {
  readonly [field: number]: Walk | "location";
}

const tensor: Walk = { 13: "location" };
const sparseTensor: Walk = { 1: tensor, 2: tensor };
const attribute: { [field: number]: Walk } = {
  5: tensor,
  10: tensor,
  22: sparseTensor,
  23: sparseTensor,
};
const node: Walk = { 5: attribute };
const graph: Walk = { 1: node, 5: tensor, 15: sparseTensor };
// Branches and loops are attributes that hold graphs.
attribute[6] = graph;
attribute[11] = graph;
const training: Walk = { 1: graph, 2: graph };
const modelFunction: Walk = { 7: node, 11: attribute };
const model: Walk = { 7: graph, 20: training, 25: modelFunction };

const maxDepth = 64;

/**
 * The files that an encoded ONNX model names, each once and as it spells them: all that a runtime would open beside it.
 * Throws an Error for bytes that are no such model.
 */
export function externalLocations(bytes: Uint8Array): string[] {
  const found = new Set<string>();
  try {
    walk(new BinaryReader(bytes), { as: model, end: bytes.length, depth: 0, found });
  } catch (cause) {
    throw new Error(`no ONNX model: ${String(cause)}`, { cause });
  }
  return [...found];
}

interface Step {
  readonly as: Walk;
  readonly end: number;
  readonly depth: number;
  readonly found: Set<string>;
}

function walk(reader: BinaryReader, { as, end, depth, found }: Step): void {
  if (depth > maxDepth) throw new Error(`nested more than ${maxDepth} deep`);
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    const inner = as[field];
    if (inner === undefined || wireType !== WireType.LengthDelimited) {
      reader.skip(wireType, field);
      continue;
    }
    const innerEnd = endOf(reader, end);
    if (inner === "location") takeLocation(reader, innerEnd, found);
    else walk(reader, { as: inner, end: innerEnd, depth: depth + 1, found });
  }
  if (reader.pos > end) throw new Error(`a field ends at byte ${reader.pos}, behind its message`);
}

function endOf(reader: BinaryReader, outerEnd: number): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > outerEnd) throw new Error(`a message of ${length} bytes ends behind the one around it`);
  return end;
}

/** A StringStringEntryProto; as everywhere in protobuf, the last value of a field counts. */
function takeLocation(reader: BinaryReader, end: number, found: Set<string>): void {
  const entry = { key: "", value: "" };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1 && wireType === WireType.LengthDelimited) entry.key = reader.string();
    else if (field === 2 && wireType === WireType.LengthDelimited) entry.value = reader.string();
    else reader.skip(wireType, field);
  }
  if (entry.key === "location") found.add(entry.value);
}
