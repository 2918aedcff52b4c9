import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeOutputs, type Output } from "./write-outputs.ts";

let folder: string;

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "crossfade-outputs-"))));
afterEach(() => rm(folder, { recursive: true }));

async function write(...outputs: readonly Output[]) {
  const told = { out: "", err: "" };
  const isWritten = await writeOutputs(outputs, {
    rescue: '{"result":1}',
    stdout: (text) => void (told.out += text),
    stderr: (text) => void (told.err += text),
  });
  return { ...told, isWritten };
}

test("replaces files whole, makes folders, and leaves no draft", async () => {
  const path = join(folder, "new/report.html");
  expect(await write({ path, text: "old" })).toEqual({ out: "", err: "", isWritten: true });
  await write({ path, text: "new" });
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(join(folder, "new"))).toEqual(["report.html"]);
});

test.skipIf(!existsSync("/dev/full"))(
  "a full disk is told, and the result goes to stdout",
  async () => {
    const other = join(folder, "verdict.json");
    const text = "x".repeat(40_000);
    expect(await write({ path: "/dev/full", text }, { path: other, text: "{}" })).toEqual({
      isWritten: false,
      err: "/dev/full was not written: no space is left on its disk; it needs 40.0 kB\nThe result follows on standard output, so that it is not lost.\n",
      out: '{"result":1}\n',
    });
    expect(await readFile(other, "utf8")).toBe("{}");
  },
);

test.skipIf(!canMount())(
  "on a disk that fills up the old report stays, and no draft takes room",
  async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
    try {
      const path = join(folder, "report.html");
      await writeFile(path, "old");
      const { isWritten, err, out } = await write({ path, text: "x".repeat(100_000) });
      expect({ isWritten, out }).toEqual({ isWritten: false, out: '{"result":1}\n' });
      expect(err).toContain(
        "report.html was not written: no space is left on its disk; it needs 100 kB\n",
      );
      expect(await readFile(path, "utf8")).toBe("old");
      expect(await readdir(folder)).toEqual(["report.html"]);
    } finally {
      execFileSync("umount", [folder]);
    }
  },
);

test("says which path is wrong and why", async () => {
  await writeFile(join(folder, "file"), "");
  const below = await write({ path: join(folder, "file/report.html"), text: "" });
  expect(below.err).toContain("file/report.html was not written: a part of the path is no folder");
  const itself = await write({ path: folder, text: "" });
  expect(itself.err).toContain(`${folder} was not written: that is a folder`);
  expect(itself.out).toBe('{"result":1}\n');
});

function canMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
