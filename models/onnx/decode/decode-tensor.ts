import { malformed } from "./fields.ts";
import type { Field } from "./fields.ts";
import type { Message } from "./message.ts";
import type { DecodedTensor, ExternalPlace, TensorContent } from "./model.ts";
import { bytesPerElement } from "./type-codes.ts";

/** `float_data`, `int32_data`, `string_data`, `int64_data`, `double_data`, `uint64_data` */
const typedData = [4, 5, 6, 7, 10, 11];

export function decodeTensor(field: Field, parent: Message): DecodedTensor {
  const message = parent.inside(field, "a tensor");
  const tensor: DecodedTensor = {
    name: message.text(8),
    dims: message.integers(1),
    typeCode: message.integer(2) ?? 0,
    content: contentOf(message),
    field,
  };
  checkClaim(tensor);
  return tensor;
}

function contentOf(message: Message): TensorContent {
  if (message.integer(14) === 1) return { kind: "external", at: placeOf(message) };
  const raw = message.one(9);
  if (raw !== undefined) return { kind: "raw", bytes: raw.value };
  return { kind: "typed", fields: typedData.flatMap((number) => message.all(number)) };
}

function placeOf(message: Message): ExternalPlace {
  const entries = message.all(13).map((entry) => {
    const pair = message.inside(entry, "external data");
    return [pair.text(1), pair.text(2)] as const;
  });
  const found = new Map(entries);
  if (found.size < entries.length)
    throw malformed(`the tensor "${message.text(8)}" says twice where its data lie`);
  const number = (key: string): number | undefined => {
    const value = found.get(key);
    if (value === undefined) return undefined;
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw malformed(`the tensor "${message.text(8)}" has the ${key} ${JSON.stringify(value)}`);
  };
  return {
    location: found.get("location") ?? "",
    offset: number("offset") ?? 0,
    length: number("length"),
  };
}

/** What the dims say must be there: a file of a kilobyte that claims gigabytes ends here, before anybody makes room for them. */
function checkClaim({ name, dims, typeCode, content }: DecodedTensor): void {
  const bad = dims.find((dim) => dim < 0 || !Number.isSafeInteger(dim));
  if (bad !== undefined) throw malformed(`the tensor "${name}" has a dimension of ${bad}`);
  const claimed = byteCount(dims, typeCode);
  if (claimed === undefined) return;
  const there = bytesThere(content, claimed);
  // Numbers written one by one may be short: a byte each is the least.
  const isEnough =
    content.kind === "typed"
      ? there >= dims.reduce((product, dim) => product * dim, 1)
      : there === claimed;
  if (isEnough) return;
  throw malformed(
    `the tensor "${name}" claims [${dims.join(", ")}], ${claimed.toLocaleString("en")} bytes, and has ${there.toLocaleString("en")}; the file is cut short or was changed: export or copy it again`,
  );
}

function bytesThere(content: TensorContent, claimed: number): number {
  if (content.kind === "raw") return content.bytes.length;
  if (content.kind === "external") return content.at.length ?? claimed;
  return content.fields.reduce((sum, { value }) => sum + value.length, 0);
}

/** Undefined for types without a fixed size, such as text. */
export function byteCount(dims: readonly number[], typeCode: number): number | undefined {
  const each = bytesPerElement(typeCode);
  return each && Math.ceil(dims.reduce((product, dim) => product * dim, each));
}
