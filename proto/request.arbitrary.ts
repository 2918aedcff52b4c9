import * as fc from "fast-check";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { ServingError } from "./serving-error.ts";

/** Field numbers that the contract does not use. */
const unknownNumber = fc.oneof(
  fc.integer({ min: 10, max: 40 }),
  fc.integer({ min: 10, max: 2 ** 29 - 1 }),
);

const unknownField = fc.oneof(
  fc
    .tuple(unknownNumber, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
    .map(([no, value]) => tag(no, WireType.Varint).uint64(value)),
  fc.tuple(unknownNumber, fc.double()).map(([no, value]) => tag(no, WireType.Bit64).double(value)),
  fc
    .tuple(unknownNumber, fc.uint8Array({ maxLength: 200 }))
    .map(([no, value]) => tag(no, WireType.LengthDelimited).bytes(value)),
  fc
    .tuple(unknownNumber, fc.integer())
    .map(([no, value]) => tag(no, WireType.Bit32).sfixed32(value)),
);

/** Mostly short, sometimes longer than a length of one byte can say. */
export const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }).map((value) => value.replaceAll("\0", "")),
  fc.string({ minLength: 120, maxLength: 300 }),
);
export const idText = text.map((value) => value || "a");

/** Of a repeated name the last value counts, so that a name at the end is the track's. */
const track = fc
  .tuple(
    fc.array(fc.oneof(trackText(1, text), trackText(2, text), unknownField), { maxLength: 4 }),
    fc.oneof(trackText(1, idText), trackText(2, idText)),
  )
  .map(([fields, name]) => tag(5, WireType.LengthDelimited).bytes(join([...fields, name])));

const laterField = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(4, 6, 7), idText)
      .map(([no, id]) => tag(no, WireType.LengthDelimited).string(id)),
  },
  track,
  fc.boolean().map((value) => tag(8, WireType.Varint).bool(value)),
  fc.integer({ min: 1, max: 1000 }).map((value) => tag(9, WireType.Varint).int32(value)),
  unknownField,
);

const nameField = (no: number) =>
  fc.oneof(
    text.map((value) => [tag(no, WireType.LengthDelimited).string(value)]),
    fc.constant([]),
  );

/** Valid RecommendRequests: fields in any order, later scalars repeated, unknown fields between them and in tracks. */
export const requestBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(nameField(1), nameField(2), nameField(3), fc.array(laterField, { maxLength: 30 }))
  .chain(([model, user, version, later]) => {
    const fields = [...model, ...user, ...version, ...later];
    return fc.shuffledSubarray(fields, { minLength: fields.length, maxLength: fields.length });
  })
  .map(join);

/** Encoded messages with a few bytes overwritten, put in or taken out. */
export function mutated(messages: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat(2),
    insert: fc.uint8Array({ maxLength: 3 }),
  });
  return fc
    .tuple(messages, fc.array(edit, { minLength: 1, maxLength: 3 }))
    .map(([bytes, edits]) => {
      const edited = [...bytes];
      for (const { at, remove, insert } of edits)
        edited.splice(at % (edited.length + 1), remove, ...insert);
      return Uint8Array.from(edited);
    });
}

/** The INVALID_ARGUMENT that `run` fails with; whatever else it throws fails the test. */
export function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ServingError && error.code === 3) return error.message;
    throw error;
  }
}

function trackText(no: 1 | 2, of: fc.Arbitrary<string>): fc.Arbitrary<BinaryWriter> {
  return of.map((value) => tag(no, WireType.LengthDelimited).string(value));
}

function tag(no: number, wireType: WireType): BinaryWriter {
  return new BinaryWriter().tag(no, wireType);
}

function join(fields: readonly BinaryWriter[]): Uint8Array {
  return Buffer.concat(fields.map((field) => field.finish()));
}
