import { createHash } from "node:crypto";
import { link, mkdtemp, open, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Bundle } from "./bundle.ts";
import { createPartFiles } from "./part-files.ts";

/** Two parts, seen and found right. */
async function openParts() {
  const dir = await mkdtemp(join(tmpdir(), "crossfade-parts-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const parts: Record<string, Bundle["manifest"]["parts"][string]> = {};
  for (const name of ["weights", "items"]) {
    await writeFile(join(dir, name), name.repeat(100));
    const sha256 = createHash("sha256").update(name.repeat(100)).digest("hex");
    parts[name] = { file: name, version: "1", sha256, bytes: 100 * name.length };
  }
  const files = createPartFiles({ dir, manifest: { parts } as Bundle["manifest"] });
  await files.verify();
  return { files, weights: join(dir, "weights") };
}

/** Into the same file, as a mapping would see it. */
async function overwrite(file: string, text: string): Promise<void> {
  await using handle = await open(file, "r+");
  await handle.write(text);
  // Two writes within one tick of the file system's clock would leave the same time.
  await handle.utimes(new Date(), new Date(Date.now() + 1_000));
}

test("files as they were are neither overwritten nor read again", async () => {
  const { files, weights } = await openParts();
  expect(await files.overwritten()).toEqual([]);
  await link(weights, `${weights}-of-another-bundle`);
  expect(await files.overwritten()).toEqual([]);
  await files.verify();
});

test("a file that is written to is noticed, and refused for what it holds now", async () => {
  const { files, weights } = await openParts();
  await overwrite(weights, "other");
  expect(await files.overwritten()).toEqual(["weights"]);
  await expect(files.verify()).rejects.toThrow("parts.weights: weights has sha256");
  expect(await files.overwritten()).toEqual(["weights"]);
});

test("a file that is cut is noticed", async () => {
  const { files, weights } = await openParts();
  await truncate(weights, 10);
  expect(await files.overwritten()).toEqual(["weights"]);
  await expect(files.verify()).rejects.toThrow("has 10 bytes");
});

test("a file that only looks younger is fine once it was read", async () => {
  const { files, weights } = await openParts();
  await utimes(weights, new Date(), new Date(0));
  expect(await files.overwritten()).toEqual(["weights"]);
  await files.verify();
  expect(await files.overwritten()).toEqual([]);
});

test("a file that was removed or replaced leaves alone what was mapped of it, and is refused if it is another", async () => {
  const { files, weights } = await openParts();
  await writeFile(`${weights}-new`, "other");
  await rename(`${weights}-new`, weights);
  expect(await files.overwritten()).toEqual([]);
  await expect(files.verify()).rejects.toThrow("parts.weights: weights has 5 bytes");
  await rm(weights);
  expect(await files.overwritten()).toEqual([]);
  await expect(files.verify()).rejects.toThrow("weights is missing");
});
