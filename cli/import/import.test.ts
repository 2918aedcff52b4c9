import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fixturePath } from "../../models/importing/exported.fixture.ts";
import { importModel } from "./import.ts";
import { readItems } from "./read-items.ts";
import { makeSamples, readSamples } from "./read-samples.ts";

let dir: string;
let printed: string;
let said: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-import-"));
  [printed, said] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((said += String(text)), true));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

const put = async (name: string, text: string) => {
  await writeFile(join(dir, name), text);
  return join(dir, name);
};

test.each<readonly [readonly string[], string]>([
  [[], "nothing to import: give the .onnx file"],
  [["a.onnx", "b.onnx"], "one file at a time: got a.onnx, b.onnx"],
  [["a.onnx"], "nothing to recommend: give --catalogue"],
  [["a.onnx", "--catalogue", "i.csv"], "nowhere to write to: give --out, or --dry-run"],
  [["a.onnx", "--catalogue", "i.csv", "--out", "x/ /1"], "it must end in MODEL/VERSION"],
  [["a.onnx", "--dry-run", "--family", "two-tower"], "only sequence can be imported"],
  [["a.onnx", "--dry-run", "--padding", "both"], '--padding is "both"; it must be left or right'],
  [
    ["a.onnx", "--dry-run", "--variants", "fp16"],
    '--variants has "fp16"; there is fp32, qint8, edge',
  ],
  [["a.onnx", "--dry-run", "--catalog", "i.csv"], "did you mean --catalogue?"],
])("called as %j, it says what is wrong and exits with 2", async (args, message) => {
  expect(await importModel.run(args)).toBe(2);
  expect(said).toContain(message);
  expect(said).toContain("crossfade import --help");
});

test("a dry run tells what the file takes and gives, without a catalogue", async () => {
  expect(await importModel.run([fixturePath("full-logits.onnx"), "--dry-run"])).toBe(0);
  expect(printed).toMatch(/the sequence +log_seqs int64 \[batch, length\]/);
  expect(printed).toMatch(/the output +logits float32 \[batch, length, 41\]/);
  expect(printed).toMatch(/its head +MatMul with permute/);
  expect(printed).toMatch(/the catalogue +40 lines where one id is padding, 41 where none is/);
});

test("with a catalogue a dry run tells how it would be served, and writes nothing", async () => {
  const file = fixturePath("full-logits.onnx");
  const how = ["--padding", "left", "--catalogue", fixturePath("items.csv")];
  expect(await importModel.run([file, "--dry-run", "--out", join(dir, "m/1"), ...how])).toBe(0);
  expect(printed).toMatch(/item ids +1 to 40, in the order of the catalogue; 0 is padding/);
  expect(printed).toMatch(/padding +on the left \(as was said\), always to 12/);
  expect(await readdir(dir)).toEqual([]);
});

test("what cannot be imported exits with 1 and leaves nothing behind", async () => {
  const items = await put("items.csv", "id\n1\n2\n");
  const out = join(dir, "models/m/1");
  const files = ["--catalogue", items, "--out", out];
  expect(await importModel.run([fixturePath("claims-3-gb.onnx"), ...files])).toBe(1);
  expect(said).toContain("claims [25000, 32768], 3,276,800,000 bytes, and has 600");
  expect(await importModel.run([fixturePath("gru-gemm.onnx"), ...files])).toBe(1);
  expect(said).toContain("the model scores 41 ids, and the catalogue has 2 items");
  expect(await readdir(dir)).toEqual(["items.csv"]);
  expect(
    await importModel.run([fixturePath("gru-gemm.onnx"), "--catalogue", items, "--out", dir]),
  ).toBe(1);
  expect(said).toContain("is there, and bundles never change");
});

test("its help names every flag that it takes", () => {
  const help = importModel.help();
  for (const flag of ["--catalogue", "--padding", "--samples", "--dry-run", "--first-id"])
    expect(help).toContain(flag);
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(130);
});

test("a catalogue has columns by name, and an order by line or by index", async () => {
  const plain = await put("plain.csv", 'title,id\n"Heat, again",7\nFargo,8\n');
  expect(await readItems(plain, "auto")).toEqual({
    items: [
      { id: "7", title: "Heat, again", count: 0 },
      { id: "8", title: "Fargo", count: 0 },
    ],
    idType: "int",
    hasCounts: false,
  });
  const indexed = await put("indexed.tsv", "index\tid\tcount\n3\tc\t1\n1\ta\t5\n2\tb\t\n");
  const { items, idType, hasCounts } = await readItems(indexed, "auto");
  expect(items.map(({ id, count }) => [id, count])).toEqual([
    ["a", 5],
    ["b", 0],
    ["c", 1],
  ]);
  expect([idType, hasCounts]).toEqual(["string", true]);
});

test.each([
  ["", "its first line must name the columns"],
  ["1,Heat\n", 'begins with ["1","Heat"]; its first line must name the columns'],
  ["id;title\n1;Heat\n", 'begins with ["id;title"]; its first line must name the columns'],
  ["id;title\n1;Heat\n", "with commas or tabs between them"],
  ['id,title\n1,"Heat\n2,"Up\n', "items.csv, line 3: something follows the quote"],
  ["id\n", "has no items"],
  ["id,count\na,1\nb,many\na,2\n", ':3: the count is "many", no number from 0'],
  ["id,count\na,1\nb,many\na,2\n", ':4: the id "a" is that of line 2 already'],
  ["id,index\na,1\nb,3\n", ":3: no line has the index 2; give every id of the model a line"],
  ["id,index\na,1\nb,1\n", ":3: the index 1 is that of line 2 already"],
])("a catalogue of %j is refused", async (text, message) => {
  await expect(readItems(await put("items.csv", text), "auto")).rejects.toThrow(message);
});

test("samples are read by the catalogue's ids, or made of its popular items", async () => {
  const items = ["a", "b", "c"].map((id, i) => ({ id, title: "", count: i === 1 ? 97 : 0 }));
  const lines = [
    '{"sequence":["a","x","c"],"next":"b"}',
    '{"sequence":["x"]}',
    '{"sequence":["c"]}',
  ];
  const { probes, unknown } = await readSamples(await put("s.jsonl", lines.join("\n")), items);
  expect(probes.map(({ history, next }) => [[...history], next])).toEqual([
    [[0, 2], 1],
    [[2], -1],
  ]);
  expect(unknown).toBe(2);
  await expect(readSamples(await put("n.jsonl", lines[1]!), items)).rejects.toThrow(
    "no sequence with an item",
  );
  const made = makeSamples(items, 5).flatMap(({ history }) => [...history]);
  expect(made.filter((item) => item === 1).length).toBeGreaterThan(0.9 * made.length);
});
