import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HpackDecoder } from "./decoder.ts";
import { type Field, HpackEncoder, mostFieldBytes, type Sink } from "./encoder.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

function newDecoder({ tableBytes = 4_096, listBytes = 65_536 } = {}) {
  const decoder = new HpackDecoder({ tableBytes, listBytes });
  return {
    generation: () => decoder.generation,
    list: (block: Buffer) => decoder.decode(block, 0, block.length),
    fields(block: Buffer): string[] {
      const { fields } = decoder.decode(block, 0, block.length);
      return fields.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${fields[i + 1]}`] : []));
    },
  };
}

const get = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
const date = "date: Mon, 21 Oct 2013 20:13:21 GMT";
const laterDate = "date: Mon, 21 Oct 2013 20:13:22 GMT";
const cookie = "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const requests = [
  get,
  [...get, "cache-control: no-cache"],
  [
    ":method: GET",
    ":scheme: https",
    ":path: /index.html",
    ":authority: www.example.com",
    "custom-key: custom-value",
  ],
];
const elsewhere = "location: https://www.example.com";
const replies = [
  [":status: 302", "cache-control: private", date, elsewhere],
  [":status: 307", "cache-control: private", date, elsewhere],
  [
    ":status: 200",
    "cache-control: private",
    laterDate,
    elsewhere,
    "content-encoding: gzip",
    cookie,
  ],
];

/** RFC 7541, Appendix C, by section: blocks of one connection each. */
const examples: Record<string, { blocks: string[]; fields: string[][]; tableBytes?: number }> = {
  "C.2.1": {
    blocks: ["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"],
    fields: [["custom-key: custom-header"]],
  },
  "C.2.2": { blocks: ["040c 2f73 616d 706c 652f 7061 7468"], fields: [[":path: /sample/path"]] },
  "C.2.3": {
    blocks: ["1008 7061 7373 776f 7264 0673 6563 7265 74"],
    fields: [["password: secret"]],
  },
  "C.2.4": { blocks: ["82"], fields: [[":method: GET"]] },
  "C.3": {
    blocks: [
      "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
      "8286 84be 5808 6e6f 2d63 6163 6865",
      "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
    ],
    fields: requests,
  },
  "C.4": {
    blocks: [
      "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
      "8286 84be 5886 a8eb 1064 9cbf",
      "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
    ],
    fields: requests,
  },
  "C.5": {
    tableBytes: 256,
    blocks: [
      `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120
       474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
      "4803 3330 37c1 c0bf",
      `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738
       666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33
       3630 303b 2076 6572 7369 6f6e 3d31`,
    ],
    fields: replies,
  },
  "C.6": {
    tableBytes: 256,
    blocks: [
      `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718
       63c7 8f0b 97c8 e9ae 82ae 43d3`,
      "4883 640e ffc1 c0bf",
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7
       b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
    ],
    fields: replies,
  },
};

test.each(Object.entries(examples))("the example %s of RFC 7541", (_, example) => {
  const { blocks, fields, ...limits } = example;
  const decoder = newDecoder(limits);
  expect(blocks.map((block) => decoder.fields(hex(block)))).toEqual(fields);
});

describe("blocks that no encoder makes", () => {
  test.each([
    ["index 0", "80", "field 0"],
    ["an index that there is not", "c0", "field 64"],
    ["an index that never ends", "ffffffffffffff", "integer"],
    ["an integer that is cut off", "ff", "middle"],
    ["a name that is cut off", "400a 63", "middle"],
    ["a value that is missing", "4001 63", "middle"],
    ["a length of 2^28", "4001 63 7f ffffff7f", "integer"],
    ["a table larger than allowed", "3fe2 1f", "4097"],
    ["a table that changes behind a field", "82 20", "size"],
    ["Huffman bytes with eight bits of padding", "4001 63 82 1fff", "Huffman"],
    ["Huffman bytes padded with zeros", "4001 63 81 18", "Huffman"],
    ["the end-of-string symbol", "4001 63 84 ffff ffff", "Huffman"],
  ])("%s", (_, block, message) => {
    expect(() => newDecoder().fields(hex(block))).toThrow(message);
  });

  test("any bytes decode or throw, and the table stays within its size", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all));
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (blocks) => {
        const decoder = newDecoder({ tableBytes: 128 });
        for (const block of blocks)
          try {
            decoder.fields(block);
          } catch (error) {
            expect(error).toMatchObject({ code: "COMPRESSION_ERROR" });
            return;
          }
      }),
      { numRuns: 2_000 },
    );
  });

  test("a bomb: a byte for a field of 4,000 costs no memory beyond the limit, but is counted", () => {
    const decoder = newDecoder({ listBytes: 10_000 });
    const large = Buffer.concat([hex("4001 63 7f e11d"), Buffer.alloc(3_936, "x")]);
    decoder.fields(large);
    const { fields, bytes } = decoder.list(Buffer.alloc(16_000, 0xbe));
    expect(bytes).toBe(16_000 * (3_936 + 1 + 32));
    expect(fields).toHaveLength(2 * 2);
  });
});

test("what was put into the table and does not fit empties it", () => {
  const decoder = newDecoder({ tableBytes: 40 });
  decoder.fields(hex("4001 61 01 62"));
  expect(decoder.fields(hex("be"))).toEqual(["a: b"]);
  decoder.fields(Buffer.concat([hex("4001 61 14"), Buffer.alloc(20, "x")]));
  expect(() => decoder.fields(hex("be"))).toThrow("field 62");
});

test("equal blocks mean the same until the generation changes", () => {
  const decoder = newDecoder();
  const before = decoder.generation();
  decoder.fields(hex("82 0001 61 01 62"));
  expect(decoder.generation()).toBe(before);
  decoder.fields(hex("4001 61 01 62"));
  expect(decoder.generation()).not.toBe(before);
});

describe("the encoder", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const value = fc.string({ unit: "binary-ascii", maxLength: 150 });
  const field = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ name: ":method", value: "POST" }) },
    { weight: 4, arbitrary: fc.record({ name, value, isSecret: fc.boolean() }) },
  );
  const resize = fc.integer({ min: 0, max: 5_000 });

  test("what it writes, a decoder reads, whatever happens to the table between", () => {
    const steps = fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.array(field, { maxLength: 6 }) }, resize),
    );
    fc.assert(
      fc.property(steps, fc.array(field, { maxLength: 3 }), (steps, recurring) => {
        const encoder = new HpackEncoder();
        const decoder = newDecoder();
        for (const step of steps) {
          if (typeof step === "number") encoder.resize(step);
          else {
            const fields = [...recurring, ...step];
            expect(decoder.fields(written(encoder, fields))).toEqual(
              fields.map(({ name, value }) => `${name}: ${value}`),
            );
          }
        }
      }),
    );
  });

  test("a block that came out under the same generation may be sent again", () => {
    const encoder = new HpackEncoder();
    const decoder = newDecoder();
    const fields: Field[] = [
      { name: ":path", value: "/a.B/C" },
      { name: "te", value: "trailers" },
    ];
    decoder.fields(encoder.encode(fields));
    const { generation } = encoder;
    const block = encoder.encode(fields);
    expect(encoder.generation).toBe(generation);
    expect(block).toHaveLength(2);
    expect(decoder.fields(block)).toEqual([":path: /a.B/C", "te: trailers"]);
    expect(decoder.fields(block)).toEqual([":path: /a.B/C", "te: trailers"]);
  });

  test("a secret never enters a table", () => {
    const encoder = new HpackEncoder();
    const secret: Field = { name: "authorization", value: "Bearer x", isSecret: true };
    const first = encoder.encode([secret]);
    expect(first[0]! & 0xf0).toBe(0x10);
    expect(encoder.encode([secret])).toEqual(first);
  });

  test("a name whose value varies costs its value, from the second time on", () => {
    const encoder = new HpackEncoder();
    const decoder = newDecoder();
    const write = (value: string) => {
      const sink: Sink = { bytes: Buffer.alloc(100), length: 0 };
      encoder.writeVarying(sink, "grpc-timeout", value);
      return sink.bytes.subarray(0, sink.length);
    };
    expect(decoder.fields(write("250m"))).toEqual(["grpc-timeout: 250m"]);
    const second = write("249m");
    expect(second).toHaveLength(2 + 1 + 4);
    expect(decoder.fields(second)).toEqual(["grpc-timeout: 249m"]);
  });
});

function written(encoder: HpackEncoder, fields: readonly Field[]): Buffer {
  const room = fields.reduce((sum, field) => sum + mostFieldBytes(field), 8);
  const sink: Sink = { bytes: Buffer.alloc(room), length: 0 };
  encoder.writeResize(sink);
  fields.forEach((field, place) => encoder.write(sink, field, place % 2 === 0));
  return sink.bytes.subarray(0, sink.length);
}
