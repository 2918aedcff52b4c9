import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../models/random.ts";
import { readRows } from "./read-rows.ts";
import { parseTemplate } from "./template.ts";
import { encodeJson, templateRequests } from "./template-requests.ts";
import { createZipf } from "./zipf.ts";

const decode = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
const seed = 7;

test("places take values of a row with their types, and texts within texts", () => {
  const template = { user: "u{{id}}", topK: "{{k}}", history: ["x", "{{ ids }}"], deep: { n: 1 } };
  const rows = [
    { id: 1, k: 5, ids: ["a", "b"] },
    { id: 2, k: 7, ids: [] },
  ];
  const requests = templateRequests({ template, rows, seed, encode: encodeJson });
  expect(requests.map(decode)).toEqual([
    { user: "u1", topK: 5, history: ["x", ["a", "b"]], deep: { n: 1 } },
    { user: "u2", topK: 7, history: ["x", []], deep: { n: 1 } },
  ]);
});

test("a template without places is one request", () => {
  expect(templateRequests({ template: { a: "{b}" }, seed, encode: encodeJson })).toHaveLength(1);
});

test("generators: the same seed draws the same", () => {
  const template = { i: "{{$i}}", n: "{{$int 3 5}}", z: "u{{$zipf 100}}", c: "{{$pick red blue}}" };
  const draw = (count: number) =>
    templateRequests({ template, count, seed, encode: encodeJson }).map(decode);
  expect(draw(20)).toEqual(draw(30).slice(0, 20));
  const drawn = draw(500) as { i: number; n: number; z: string; c: string }[];
  expect(drawn[499]!.i).toBe(499);
  expect(new Set(drawn.map(({ n }) => n))).toEqual(new Set([3, 4, 5]));
  expect(new Set(drawn.map(({ c }) => c))).toEqual(new Set(["red", "blue"]));
});

test.each([
  [{ a: "{{nmae}}" }, /no column "nmae"; did you mean \{\{name\}\}\?/],
  [{ a: "{{other}}" }, /no column "other"; there are name/],
  [{ a: "{{$uuidd}}" }, /no generator \$uuidd; there are \{\{\$i\}\}/],
  [{ a: "{{$int 1}}" }, /\$int got 1 arguments; write \{\{\$int 1 100\}\}/],
  [{ a: "{{$int 9 1}}" }, /9 is above 1/],
  [{ a: "{{$zipf 1e99}}" }, /no whole number/],
  [{ a: "{{$zipf 0}}" }, /zipf of 0/],
])("a place that nothing fills: %j", (template, message) => {
  expect(() => parseTemplate(template, ["name"])).toThrow(message);
});

test("values are never templates themselves", () => {
  const [request] = templateRequests({
    template: { a: "{{x}} {{y}}" },
    rows: [{ x: "{{y}}", y: "$&" }],
    seed,
    encode: encodeJson,
  });
  expect(decode(request!)).toEqual({ a: "{{y}} $&" });
});

test("zipf draws in proportion to 1 / rank", () => {
  const zipf = createZipf(50);
  const random = new Random(3);
  const counts = new Int32Array(50);
  for (let i = 0; i < 200_000; i++) counts[zipf(random)]!++;
  const total = Array.from({ length: 50 }, (_, n) => 1 / (n + 1)).reduce((a, b) => a + b);
  counts.forEach((count, n) => {
    const expected = 200_000 / (n + 1) / total;
    // Five standard errors.
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

test.each([
  [
    "a.csv",
    'name,city\r\n"Lee, A","x ""y"""\nB,\n',
    [
      { name: "Lee, A", city: 'x "y"' },
      { name: "B", city: "" },
    ],
  ],
  ["a.jsonl", '{"n": 1}\n\n{"n": [2]}\n', [{ n: 1 }, { n: [2] }]],
  ["a.json", '[{"n": 1}]', [{ n: 1 }]],
])("reads %s", async (name, text, rows) => {
  await withFile(name, text, async (file) => expect(await readRows(file)).toEqual(rows));
});

test.each([
  ["a.csv", "a,b\n1\n", /record 2 has 1 cells, the header has 2/],
  ["a.csv", "a,a\n1,2\n", /names "a" twice/],
  ["a.csv", 'a\n"x"y\n', /quote is out of place on line 2/],
  ["a.csv", "a,b\n", /there are no rows in it/],
  ["a.jsonl", '{"a": 1}\n[1]\n', /a\.jsonl:2: an object is wanted/],
  ["a.jsonl", "nope\n", /a\.jsonl:1: /],
  ["a.json", '{"a": 1}', /must be a list/],
  ["a.txt", "x", /must end with \.csv, \.jsonl or \.json/],
])("refuses %s: %j", async (name, text, message) => {
  await withFile(name, text, (file) => expect(readRows(file)).rejects.toThrow(message));
});

async function withFile(name: string, text: string, use: (file: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "crossfade-rows-"));
  try {
    await writeFile(join(folder, name), text);
    await use(join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}
