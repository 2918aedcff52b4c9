import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../scratch-folder.fixture.ts";
import { linesBackwards } from "./lines-backwards.ts";

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesBackwards(path)) lines.push(line.toString());
  return lines;
}

test("short lines and lines longer than what is read at once, last one first", async () => {
  await using folder = await scratchFolder();
  const path = join(folder.path, "lines");
  for (const length of [0, 1, 262_142, 262_143, 262_144, 262_145, 600_000]) {
    const lines = ["a", "b".repeat(length + 1), "c", "é".repeat(200_000), "d"];
    for (const end of ["", "\n"]) {
      await writeFile(path, lines.join("\n") + end);
      expect(await linesOf(path)).toEqual(lines.toReversed());
    }
  }
});

test("none of an empty file, or of none", async () => {
  await using folder = await scratchFolder();
  const path = join(folder.path, "lines");
  expect(await linesOf(path)).toEqual([]);
  await writeFile(path, "");
  expect(await linesOf(path)).toEqual([]);
});
