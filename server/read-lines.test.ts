import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLines, type Line, type ReadLinesOptions } from "./read-lines.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-lines-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function linesOf(
  content: string,
  options: ReadLinesOptions = { lastLine: "whole" },
): Promise<Line[]> {
  const path = join(dir, "file");
  await writeFile(path, content);
  const lines: Line[] = [];
  for await (const line of readLines(path, options)) lines.push(line);
  return lines;
}

test("each line with its number and where it ends", async () => {
  expect(await linesOf("one\n\nü\nlast")).toEqual([
    { text: "one", number: 1, bytes: 4 },
    { text: "", number: 2, bytes: 5 },
    { text: "ü", number: 3, bytes: 8 },
    { text: "last", number: 4, bytes: 12 },
  ]);
});

async function texts(content: string, lastLine: ReadLinesOptions["lastLine"]) {
  return (await linesOf(content, { lastLine })).map(({ text }) => text);
}

test("what follows the last end is a line, or torn", async () => {
  expect(await texts("a\nb", "torn")).toEqual(["a"]);
  expect(await texts("a\nb\n", "torn")).toEqual(["a", "b"]);
  expect(await texts("a\nb\n", "whole")).toEqual(["a", "b"]);
  expect(await texts("", "whole")).toEqual([]);
  expect(await texts("torn", "torn")).toEqual([]);
});

test("lines that do not fit into what is read at once", async () => {
  const lengths = [0, 300_000, 1, 262_143, 262_144, 600_000, 5];
  const content = lengths.map((length, i) => `${String(i).repeat(length)}\n`).join("");
  const lines = await linesOf(content);
  expect(lines.map(({ text }) => text!.length)).toEqual(lengths);
  expect(lines.map(({ text }) => text![0])).toEqual([undefined, "1", "2", "3", "4", "5", "6"]);
  expect(lines.at(-1)!.bytes).toBe(content.length);
});

test("a line that is too long is passed over, whatever its length", async () => {
  const long = "x".repeat(1_000_000);
  const lines = await linesOf(`a\n${long}\nb\n${"y".repeat(11)}\nc\n${long}`, {
    lastLine: "whole",
    maxLineBytes: 10,
  });
  expect(lines.map(({ text }) => text)).toEqual(["a", undefined, "b", undefined, "c", undefined]);
  expect(lines.map(({ bytes }) => bytes)).toEqual([
    2, 1_000_003, 1_000_005, 1_000_017, 1_000_019, 2_000_019,
  ]);
});
