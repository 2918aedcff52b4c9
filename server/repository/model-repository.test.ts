import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRepository } from "./model-repository.fixture.ts";

test("every model gets its newest version first, then its second, one at a time", async () => {
  await using models = await openRepository();
  for (const name of ["music/9", "music/10", "music/8", "films/1"]) await models.put(name);
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/10", "music/9", "films/1"]);
  const tries = models.events().filter((event) => event.startsWith("try"));
  expect(tries.at(-1)).toBe("try music/9");
  expect(tries).toHaveLength(3);
  await models.repository.refresh();
  expect(models.events()).toEqual([]);
});

test("a new version is loaded before the oldest goes", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await models.put("music/2");
  await models.repository.refresh();
  models.events();
  await models.put("music/3");
  await models.repository.refresh();
  const events = models.events();
  await expect
    .poll(() => (events.push(...models.events()), events))
    .toEqual(["try music/3", "loaded music/3", "unloaded music/1"]);
  expect(models.held()).toEqual(["music/3", "music/2"]);
});

test("a version that goes answers first what it has, and nobody waits for it", async () => {
  await using models = await openRepository({ keep: 1 });
  await models.put("music/1");
  await models.repository.refresh();
  const old = models.puppets.get("music/1")!;
  const call = { deadlineMs: Infinity, signal: new AbortController().signal, metadata: new Map() };
  const answered = old.answer([
    {
      model: "music",
      version: "",
      sentVersion: "",
      topK: 10,
      user: Buffer.alloc(0),
      bytes: Buffer.alloc(0),
      call,
      request: () => {
        throw new Error("not read");
      },
    },
  ]);
  await models.put("music/2");
  await models.repository.refresh();
  await models.put("music/3");
  await models.repository.refresh();
  expect(models.held(), "though the first still has something to do").toEqual(["music/3"]);
  const events = models.events();
  expect(events).not.toContain("unloaded music/1");
  old.answerNext();
  await answered;
  await expect.poll(() => (events.push(...models.events()), events)).toContain("unloaded music/1");
});

test("a version that fails is told once, leaves the others alone, and is tried again when replaced", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await models.put("music/2", "bad");
  for (let i = 0; i < 3; i += 1) await models.repository.refresh();
  expect(models.events()).toEqual(["try music/2", "failed", "try music/1", "loaded music/1"]);
  expect(models.errors()).toEqual([expect.stringContaining("checksum of weights.bin is wrong")]);
  expect(models.held()).toEqual(["music/1"]);
  await models.put("music/2");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/2", "music/1"]);
});

test("a version that was removed and comes back is tried again", async () => {
  await using models = await openRepository();
  await models.put("music/1", "bad");
  await models.repository.refresh();
  await models.remove("music/1");
  await models.repository.refresh();
  models.events();
  await models.put("music/1", "bad");
  await models.repository.refresh();
  expect(models.events()).toEqual(["try music/1", "failed"]);
});

test("a replaced folder is loaded anew; one replaced by something broken stays as it was", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await models.repository.refresh();
  const first = models.puppets.get("music/1")!;
  await models.put("music/1");
  await models.repository.refresh();
  const second = models.puppets.get("music/1")!;
  expect([first.isReady("music", "1"), second.isReady("music", "1")]).toEqual([false, true]);
  await models.put("music/1", "bad");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
  expect(second.isReady("music", "1")).toBe(true);
});

test("models and versions that leave the disk are unloaded", async () => {
  await using models = await openRepository();
  for (const name of ["music/1", "music/2", "films/1"]) await models.put(name);
  await models.repository.refresh();
  await models.remove("music/2");
  await models.remove("films");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
});

test("a folder named otherwise than its bundle is refused, saying how to name it", async () => {
  await using models = await openRepository();
  await models.put("musik/1", "music");
  await models.repository.refresh();
  expect(models.held()).toEqual([]);
  expect(models.errors()[0]).toContain("name its folder music/1");
  expect(models.puppets.get("music/1")!.isReady("music", "1")).toBe(false);
});

test("what is no version is passed over", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  const { root } = models;
  await mkdir(join(root, "music", ".2.partial"), { recursive: true });
  await writeFile(join(root, "music", ".2.partial", "bundle.json"), "good");
  await mkdir(join(root, "music", "3"), { recursive: true });
  await mkdir(join(root, "lost+found"), { recursive: true });
  await writeFile(join(root, "README.md"), "not a model");
  await symlink("nowhere", join(root, "dangling"));
  await models.repository.refresh();
  expect(models.events()).toEqual(["try music/1", "loaded music/1"]);
  expect(models.errors()).toEqual([]);
});

test("a link to a folder is as good as the folder", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await rename(join(models.root, "music"), join(models.root, ".store"));
  await symlink(".store", join(models.root, "music"));
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
});

test("a root that is gone for a while changes nothing and is told once", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await models.repository.refresh();
  await rename(models.root, `${models.root}-away`);
  await models.repository.refresh();
  await models.repository.refresh();
  await rename(`${models.root}-away`, models.root);
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
  expect(models.errors()).toHaveLength(1);
});

test("a version that cannot be read for a while stays loaded, and is told once", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await models.repository.refresh();
  const version = join(models.root, "music", "1");
  // A link to itself cannot be read by anybody, root included, whom permissions would not stop.
  await rename(version, join(models.root, ".away"));
  await symlink("1", version);
  await models.repository.refresh();
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
  expect(models.errors()).toHaveLength(1);
  await rm(version);
  await rename(join(models.root, ".away"), version);
  await models.put("music/2");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/2", "music/1"]);
});

test("a loaded version whose files were written to is unloaded, loudly, and the one before it loaded", async () => {
  await using models = await openRepository({ keep: 1 });
  for (const name of ["music/1", "music/2"]) await models.put(name);
  await models.repository.refresh();
  models.events();
  models.written.set("music/2", "other");
  models.contents.set("music/2", "bad");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
  expect(models.puppets.get("music/2")!.isReady("music", "2")).toBe(false);
  expect(models.errors()[0]).toContain("its files changed, so it is unloaded");
  const told = models.errors().length;
  await models.repository.refresh();
  expect(models.errors()).toHaveLength(told);
});

test("files that were written to and hold the same stay loaded", async () => {
  await using models = await openRepository();
  await models.put("music/1");
  await models.repository.refresh();
  models.written.set("music/1", "same");
  await models.repository.refresh();
  expect(models.events()).toEqual(["try music/1", "loaded music/1"]);
  expect(models.errors()).toEqual([]);
});

test("a version in use stays loaded when others come, and goes when nobody uses it", async () => {
  await using models = await openRepository();
  for (const name of ["music/1", "music/2"]) await models.put(name);
  await models.repository.refresh();
  models.used.set("music", new Set(["1", "2"]));
  for (const name of ["music/3", "music/4"]) {
    await models.put(name);
    await models.repository.refresh();
  }
  expect(models.held()).toEqual(["music/4", "music/3", "music/2", "music/1"]);
  expect(models.said("stays loaded: it is in use")).toHaveLength(2);
  models.used.set("music", new Set(["1"]));
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/4", "music/3", "music/1"]);
  models.used.clear();
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/4", "music/3"]);
});

test("an older version is loaded when it is in use: after a restart nobody had it", async () => {
  await using models = await openRepository({ keep: 1 });
  for (const name of ["music/1", "music/2"]) await models.put(name);
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/2"]);
  expect(models.repository.isOnDisk({ model: "music", version: "1" })).toBe(true);
  models.used.set("music", new Set(["1"]));
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/2", "music/1"]);
});

test("that a folder of a version in use is gone is told", async () => {
  await using models = await openRepository();
  for (const name of ["music/1", "music/2"]) await models.put(name);
  await models.repository.refresh();
  models.used.set("music", new Set(["1"]));
  await models.remove("music/1");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/2"]);
  expect(models.said("in use is unloaded, since its folder is gone")).toHaveLength(1);
  expect(models.repository.isOnDisk({ model: "music", version: "1" })).toBe(false);
});

test("what memory is short for is said, leaves those in use alone, and is tried again when one has gone", async () => {
  await using models = await openRepository({ keep: 1 });
  for (const name of ["music/1", "music/2"]) await models.put(name);
  models.used.set("music", new Set(["1"]));
  await models.repository.refresh();
  await models.put("music/3", "large");
  for (let i = 0; i < 3; i += 1) await models.repository.refresh();
  expect(models.held()).toEqual(["music/2", "music/1"]);
  expect(models.errors()).toEqual([expect.stringContaining("memory is short")]);
  models.contents.set("music/3", "good");
  await models.repository.refresh();
  expect(models.held(), "nothing has gone yet").toEqual(["music/2", "music/1"]);
  models.used.clear();
  for (let i = 0; i < 2; i += 1) await models.repository.refresh();
  expect(models.held()).toEqual(["music/3"]);
});

test("following notices by itself, and ends with the signal", async () => {
  await using models = await openRepository();
  const following = models.repository.follow();
  await models.put("music/1");
  await expect.poll(models.held).toEqual(["music/1"]);
  models.stop.abort();
  await following;
  await models.put("music/2");
  await models.repository.refresh();
  expect(models.held()).toEqual(["music/1"]);
});
