import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { verifyChain } from "../audit-chain.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import { scratchFolder } from "../scratch-folder.fixture.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { openFileStore } from "./file-store.ts";

/** A disk of 256 KiB; undefined: this process may not mount one. */
async function smallDisk() {
  const folder = await scratchFolder();
  const { path } = folder;
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", path]);
  if (status !== 0) {
    await folder[Symbol.asyncDispose]();
    return undefined;
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      spawnSync("umount", ["--lazy", path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Takes all of the disk but so many bytes. */
async function fill(path: string, leftBytes: number): Promise<void> {
  const left = Buffer.alloc(leftBytes);
  await writeFile(join(path, "left"), left);
  await writeFile(join(path, "filler"), randomBytes(1 << 20)).catch(() => {});
  await rm(join(path, "left"));
}

const canMount = await smallDisk().then(async (disk) => {
  await disk?.[Symbol.asyncDispose]();
  return disk !== undefined;
});
const why = canMount ? "" : " (skipped: only root may mount a small disk)";

test.skipIf(!canMount)(`a full disk leaves what was there, and says so${why}`, async () => {
  await using disk = (await smallDisk())!;
  const { path } = disk;
  const store = await openFileStore({ dir: path });
  let kept = rolloutOf({ revision: 1 });
  await store.write(kept, 0);
  let refusals = 0;
  // Whatever is left: for the file or not, for the line of the log or not, for part of it.
  for (let leftBytes = 0; leftBytes <= 24_576; leftBytes += 2_048) {
    await fill(path, leftBytes);
    const { revision } = kept.distribution;
    const next = rolloutOf({ revision: revision + 1 });
    try {
      await store.write(next, revision);
      kept = next;
    } catch (error) {
      refusals++;
      expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
      expect((error as Error).message).toContain(
        "the disk is full; nothing was changed: free some space, then try again (ENOSPC)",
      );
    }
    expect(await store.read("toy")).toEqual(kept);
    await rm(join(path, "filler"));
  }
  expect(refusals).toBeGreaterThan(0);
  await store.write(rolloutOf({ revision: 100 }), kept.distribution.revision);
  await store.close();
  const notices: string[] = [];
  const again = await openFileStore({ dir: path, onNotice: (notice) => void notices.push(notice) });
  expect(notices).toEqual([]);
  const history = await again.history("toy", { limit: 99 });
  expect(verifyChain(history, await again.read("toy"))).toEqual([]);
  expect(history).toHaveLength(kept.distribution.revision + 1);
  await again.close();
  expect((await readdir(path)).filter((name) => name.endsWith(".new"))).toEqual([]);
});

test.skipIf(!canMount)(`a snapshot on a full disk leaves the one before${why}`, async () => {
  await using disk = (await smallDisk())!;
  const path = join(disk.path, "snapshot.json");
  await writeSnapshot(path, { store: "a", rollouts: [rolloutOf()] });
  const before = await readFile(path, "utf8");
  await fill(disk.path, 0);
  await expect(
    writeSnapshot(path, { store: "a", rollouts: [rolloutOf({ revision: 2 })] }),
  ).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
  expect(await readFile(path, "utf8")).toBe(before);
  expect((await readSnapshot(path)).rollouts).toHaveLength(1);
});

test("a folder that cannot be one", async () => {
  await using folder = await scratchFolder();
  await writeFile(join(folder.path, "file"), "");
  const opening = openFileStore({ dir: join(folder.path, "file", "state") });
  await expect(opening).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
  await expect(opening).rejects.toThrow("give --state a folder that can be (ENOTDIR)");
});

const isRoot = process.getuid?.() === 0;

test.skipIf(isRoot)(
  `a folder that may not be written${isRoot ? " (skipped: root may write anywhere)" : ""}`,
  async () => {
    await using folder = await scratchFolder();
    const dir = join(folder.path, "state");
    await mkdir(dir);
    await chmod(dir, 0o500);
    await expect(openFileStore({ dir })).rejects.toThrow("it may not be written here");
  },
);
