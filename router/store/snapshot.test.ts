import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { rolloutOf } from "./rollouts.fixture.ts";
import { scratchFolder } from "./scratch-folder.fixture.ts";
import { seal } from "./sealed-json.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";

test("what was written last is read; at first there is nothing", async () => {
  await using folder = await scratchFolder();
  const path = join(folder.path, "snapshot.json");
  expect(await readSnapshot(path)).toEqual({ rollouts: [] });
  await writeSnapshot(path, { store: "a", rollouts: [rolloutOf({ revision: 1 })] });
  const rollouts = [rolloutOf({ revision: 2 }), rolloutOf({ model: "music" })];
  await writeSnapshot(path, { store: "b", rollouts });
  expect(await readSnapshot(path)).toEqual({ store: "b", rollouts });
  expect(await readdir(folder.path)).toEqual(["snapshot.json"]);
});

test("the list that earlier builds wrote is read", async () => {
  await using folder = await scratchFolder();
  const path = join(folder.path, "snapshot.json");
  const rollouts = [rolloutOf()];
  await writeFile(path, seal({ kind: "crossfade snapshot", format: 1 }, rollouts));
  expect(await readSnapshot(path)).toEqual({ rollouts });
});

test("a damaged one is refused, a newer one and one that holds no rollouts; the next replaces them", async () => {
  await using folder = await scratchFolder();
  const path = join(folder.path, "snapshot.json");
  await writeSnapshot(path, { store: "a", rollouts: [rolloutOf()] });
  const json = await readFile(path, "utf8");
  const kind = { kind: "crossfade snapshot", format: 2 };
  const newerRollout = { ...rolloutOf(), format: 2 };
  const cases: readonly [string, keyof typeof Code, string][] = [
    [json.replace('"canary"', '"canary2"'), "DATA_LOSS", "its checksum is not that"],
    [json.slice(0, 100), "DATA_LOSS", "is damaged: it is not JSON"],
    ["", "DATA_LOSS", "is damaged"],
    [seal({ ...kind, format: 3 }, []), "FAILED_PRECONDITION", "which a newer Crossfade wrote"],
    [seal(kind, [newerRollout]), "FAILED_PRECONDITION", "rollout 0 of the snapshot"],
    [seal(kind, [{}]), "INVALID_ARGUMENT", "distribution"],
    [seal(kind, {}), "DATA_LOSS", "no list of rollouts"],
    [seal(kind, { store: 7, rollouts: [] }), "DATA_LOSS", "no list of rollouts"],
    [seal(kind, null), "DATA_LOSS", "no list of rollouts"],
  ];
  for (const [content, code, message] of cases) {
    await writeFile(path, content);
    const reading = readSnapshot(path);
    await expect(reading).rejects.toMatchObject({ code: Code[code] });
    await expect(reading).rejects.toThrow(message);
  }
  await writeSnapshot(path, { store: "a", rollouts: [] });
  expect(await readSnapshot(path)).toEqual({ store: "a", rollouts: [] });
});

test("where nothing can be written, it says so", async () => {
  await using folder = await scratchFolder();
  await writeFile(join(folder.path, "file"), "");
  const writing = writeSnapshot(join(folder.path, "file", "snapshot.json"), {
    store: "a",
    rollouts: [],
  });
  await expect(writing).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
  await expect(writing).rejects.toThrow("ENOTDIR");
});
