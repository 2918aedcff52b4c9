import { WireType } from "@bufbuild/protobuf/wire";
import { createFieldBudget, integersOf, malformed, readFields, textOf } from "./fields.ts";
import type { Field, FieldBudget } from "./fields.ts";

/** The fields of one message, by what they are for. */
export interface Message {
  readonly what: string;
  readonly fields: readonly Field[];
  /** The only one of a number; undefined: there is none. Two are refused: readers would not agree which counts. */
  one(number: number): Field | undefined;
  all(number: number): readonly Field[];
  text(number: number): string;
  /** Of a repeated field. */
  texts(number: number): string[];
  integer(number: number): number | undefined;
  integers(number: number): number[];
  /** The message that a field of this one holds. */
  inside(field: Field, what: string): Message;
}

/** As deep as a graph in a branch in a loop may go. */
const maxDepth = 32;

interface Above {
  readonly depth: number;
  readonly budget: FieldBudget;
}

/** The outermost message; those in it share its limits of depth and of fields in all. */
export function readMessage(
  bytes: Uint8Array,
  what: string,
  { depth, budget }: Above = { depth: 0, budget: createFieldBudget() },
): Message {
  if (depth > maxDepth) throw malformed(`${what} is nested more than ${maxDepth} deep`);
  const fields = readFields(bytes, what, budget);
  const all = (number: number) => fields.filter((field) => field.number === number);
  const one = (number: number): Field | undefined => {
    const [first, second] = all(number);
    if (second !== undefined) throw malformed(`${what} says field ${number} twice`);
    return first;
  };
  return {
    what,
    fields,
    one,
    all,
    text(number) {
      const field = one(number);
      return field === undefined ? "" : textOf(expect(field, WireType.LengthDelimited, what), what);
    },
    texts: (number) =>
      all(number).map((field) => textOf(expect(field, WireType.LengthDelimited, what), what)),
    integer(number) {
      const field = one(number);
      return field && safe(integersOf(expect(field, WireType.Varint, what), what)[0]!, what);
    },
    integers: (number) =>
      all(number)
        .flatMap((field) => integersOf(field, what))
        .map((value) => safe(value, what)),
    inside: ({ value }, name) => readMessage(value, name, { depth: depth + 1, budget }),
  };
}

function expect(field: Field, wireType: WireType, what: string): Field {
  if (field.wireType === wireType) return field;
  throw malformed(
    `${what} has field ${field.number} with wire type ${field.wireType} where ${wireType} is due`,
  );
}

/** "No limit" is how exporters say the end of a slice: far beyond what numbers tell exactly, and never computed with here. */
function safe(value: bigint, what: string): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw malformed(`${what} has a number out of range`);
}
