import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { scratchFolder } from "../scratch-folder.fixture.ts";
import { openFileStore } from "./file-store.ts";
import { claimFolder, type Ownership } from "./owner.ts";

const taken = { code: Code.FAILED_PRECONDITION };

/** Another process that holds the store in the folder. */
async function startHolder(dir: string) {
  const child = fork(new URL("holder-process.ts", import.meta.url), [dir], {
    execArgv: ["--import", "tsx"],
  });
  await once(child, "message");
  return {
    pid: child.pid!,
    signal: (name: NodeJS.Signals) => child.kill(name),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

test("a second one is refused with the process of the first, until that lets go", async () => {
  await using folder = await scratchFolder();
  const first = await claimFolder(folder.path);
  const second = claimFolder(folder.path);
  await expect(second).rejects.toMatchObject(taken);
  await expect(second).rejects.toThrow(
    `${folder.path} is in use by process ${process.pid} on ${hostname()}: stop it, or give`,
  );
  await first.release();
  const third = await claimFolder(folder.path);
  await third.release();
  expect(await readdir(folder.path)).toEqual([]);
});

test("another process is named, stopped as well, and once it is killed nothing is left of it", async () => {
  await using folder = await scratchFolder();
  await using holder = await startHolder(folder.path);
  await expect(openFileStore({ dir: folder.path })).rejects.toThrow(`by process ${holder.pid} on`);
  holder.signal("SIGSTOP");
  await expect(openFileStore({ dir: folder.path })).rejects.toThrow(
    "a process that does not answer",
  );
  await holder[Symbol.asyncDispose]();
  const store = await openFileStore({ dir: folder.path });
  expect((await readdir(folder.path)).filter((name) => name.endsWith(".sock"))).toHaveLength(1);
  await store.close();
});

test("of many who come at once exactly one gets it, every time", async () => {
  await using folder = await scratchFolder();
  for (let round = 0; round < 20; round++) {
    const claims = await Promise.allSettled(
      Array.from({ length: 8 }, () => claimFolder(folder.path)),
    );
    const owners = claims.filter((claim) => claim.status === "fulfilled");
    const reasons = claims
      .filter((claim) => claim.status === "rejected")
      .map(({ reason }) => reason);
    expect(owners).toHaveLength(1);
    for (const reason of reasons) expect(reason).toMatchObject(taken);
    await Promise.all(owners.map(({ value }: { value: Ownership }) => value.release()));
  }
  expect(await readdir(folder.path)).toEqual([]);
});

test("a folder whose path is too long for a socket", async () => {
  await using folder = await scratchFolder();
  const dir = join(folder.path, "d".repeat(120));
  await mkdir(dir);
  const first = await claimFolder(dir);
  await expect(claimFolder(dir)).rejects.toThrow(`in use by process ${process.pid}`);
  await first.release();
  expect(await readdir(dir)).toEqual([]);
});

test("files of other kinds are none of its business", async () => {
  await using folder = await scratchFolder();
  await mkdir(join(folder.path, "owner-notes.sock"));
  const claim = await claimFolder(folder.path);
  await claim.release();
  expect(await readdir(folder.path)).toEqual(["owner-notes.sock"]);
});
