import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { verifyChain } from "../audit-chain.ts";
import type { ControlStore } from "../control-store.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import { scratchFolder } from "../scratch-folder.fixture.ts";
import { seal, unseal } from "../sealed-json.ts";
import { openFileStore } from "./file-store.ts";

const first = rolloutOf({ revision: 1 });
const second = rolloutOf({ revision: 2 });
const music = rolloutOf({ model: "music", revision: 5 });

/** A folder where toy came to revision 2 and music to 5, closed. */
async function writtenFolder() {
  const folder = await scratchFolder();
  await using opened = await openIn(folder.path);
  const { store } = opened;
  await store.write(first, 0);
  await store.write(music, 0);
  await store.write(second, 1);
  const at = (name: string) => join(folder.path, name);
  return { ...folder, current: at("rollouts.json"), previous: at("rollouts.previous.json"), at };
}

async function openIn(dir: string, maxAuditBytes?: number) {
  const notices: string[] = [];
  const onNotice = (notice: string) => void notices.push(notice);
  const store: ControlStore = await openFileStore({ dir, onNotice, maxAuditBytes });
  return { store, notices, [Symbol.asyncDispose]: () => store.close() };
}

async function expectWhole(store: ControlStore): Promise<void> {
  expect((await store.list()).rollouts).toEqual([second, music]);
  const history = await store.history("toy", { limit: 9 });
  expect(history.map(({ rollout }) => rollout)).toEqual([second, first]);
  expect(verifyChain(history, second)).toEqual([]);
}

test("closed and opened again, it is as it was, without a word", async () => {
  await using folder = await writtenFolder();
  await using opened = await openIn(folder.path);
  await expectWhole(opened.store);
  expect(opened.notices).toEqual([]);
  expect((await readdir(folder.path)).filter((name) => !name.startsWith("owner-")).sort()).toEqual([
    "audit.jsonl",
    "rollouts.json",
    "rollouts.previous.json",
  ]);
});

test.each([
  ["torn", (text: string) => text.slice(0, text.length / 2)],
  ["empty", () => ""],
  ["altered", (text: string) => text.replace('"weight": 9500', '"weight": 9400')],
  ["zeroed", (text: string) => "\0".repeat(text.length)],
])("a file that is %s is put aside, and all that it held is made again", async (_, damage) => {
  await using folder = await writtenFolder();
  const text = await readFile(folder.current, "utf8");
  await writeFile(folder.current, damage(text));
  {
    await using opened = await openIn(folder.path);
    await expectWhole(opened.store);
    expect(opened.notices).toEqual([
      expect.stringMatching(
        /rollouts\.json is damaged: .*made again from what is beside it: toy at revision 2, music at revision 5\. The damaged file is now .*damaged-\d+/,
      ),
    ]);
    await opened.store.write(rolloutOf({ revision: 3 }), 2);
  }
  await using again = await openIn(folder.path);
  expect(again.notices).toEqual([]);
  expect(await again.store.read("toy")).toMatchObject({ distribution: { revision: 3 } });
  const aside = (await readdir(folder.path)).find((name) => name.includes("damaged"));
  expect(await readFile(folder.at(aside!), "utf8")).toBe(damage(text));
});

test("a file that is gone is made again as well", async () => {
  await using folder = await writtenFolder();
  await rm(folder.current);
  await using opened = await openIn(folder.path);
  await expectWhole(opened.store);
  expect(opened.notices[0]).toContain("rollouts.json was gone");
});

test("damaged after the first write of all, the audit log alone is enough", async () => {
  await using folder = await scratchFolder();
  {
    await using opened = await openIn(folder.path);
    await opened.store.write(first, 0);
  }
  await writeFile(join(folder.path, "rollouts.json"), "{");
  await using opened = await openIn(folder.path);
  expect((await opened.store.list()).rollouts).toEqual([first]);
});

test("what is in the one before is not lost, though the log no longer has it", async () => {
  await using folder = await scratchFolder();
  {
    await using opened = await openIn(folder.path, 2_000);
    await opened.store.write(music, 0);
    for (let revision = 1; revision <= 9; revision++)
      await opened.store.write(rolloutOf({ revision }), revision - 1);
  }
  await writeFile(join(folder.path, "rollouts.json"), "{");
  await using opened = await openIn(folder.path, 2_000);
  expect(await opened.store.read("music")).toEqual(music);
  expect(await opened.store.read("toy")).toMatchObject({ distribution: { revision: 9 } });
});

test("when nothing says what it held, it is refused, never empty", async () => {
  await using folder = await writtenFolder();
  await writeFile(folder.current, "{");
  await writeFile(folder.previous, "{");
  const opening = openIn(folder.path);
  await expect(opening).rejects.toMatchObject({ code: Code.DATA_LOSS });
  await expect(opening).rejects.toThrow("move both away and begin anew");
  await rm(folder.previous);
  await rm(folder.at("audit.jsonl"));
  await expect(openIn(folder.path)).rejects.toMatchObject({ code: Code.DATA_LOSS });
  // Refusing has let go of the folder.
  await rm(folder.current);
  await using opened = await openIn(folder.path);
  expect((await opened.store.list()).rollouts).toEqual([]);
});

test("a newer format is refused, though an older file lies beside it", async () => {
  await using folder = await writtenFolder();
  const kind = "crossfade rollouts";
  const text = await readFile(folder.current, "utf8");
  const content = unseal(text, { kind, format: 1 }, "the file");
  const newer = seal({ kind, format: 2 }, content);
  await writeFile(folder.current, newer);
  const opening = openIn(folder.path);
  await expect(opening).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
  await expect(opening).rejects.toThrow("has format 2, which a newer Crossfade wrote");
  expect(await readFile(folder.current, "utf8")).toBe(newer);
  const [{ newest }] = content as [{ newest: object }];
  const inside = [{ rollout: { ...first, format: 2 }, newest }];
  await writeFile(folder.current, seal({ kind, format: 1 }, inside));
  await expect(openIn(folder.path)).rejects.toThrow("has format 2, which a newer Crossfade wrote");
});

test("a torn last line of the audit log is cut off and said; what it was about is written again", async () => {
  await using folder = await writtenFolder();
  const log = folder.at("audit.jsonl");
  await truncate(log, (await stat(log)).size - 20);
  await using opened = await openIn(folder.path);
  expect(opened.notices).toEqual([
    expect.stringMatching(/audit\.jsonl ended in \d+ bytes of a torn/),
  ]);
  await expectWhole(opened.store);
  await opened.store.write(rolloutOf({ revision: 3 }), 2);
  const history = await opened.store.history("toy", { limit: 9 });
  expect(history).toHaveLength(3);
  expect(verifyChain(history, await opened.store.read("toy"))).toEqual([]);
  const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { revision: number }).revision)).toEqual([
    1, 5, 2, 3,
  ]);
});

test("what somebody takes out of the log, alters or adds is found", async () => {
  await using folder = await writtenFolder();
  const log = folder.at("audit.jsonl");
  const lines = (await readFile(log, "utf8")).split("\n");
  const problemsOf = async (text: string) => {
    await writeFile(log, text);
    await using opened = await openIn(folder.path);
    await opened.store.write(second, 1);
    return verifyChain(await opened.store.history("toy", { limit: 9 }), second);
  };
  expect(await problemsOf(lines.join("\n"))).toEqual([]);
  expect(await problemsOf(lines.join("\n").replace("alice", "mallory"))).toHaveLength(1);
  const third = rolloutOf({ revision: 3 });
  await using opened = await openIn(folder.path);
  await opened.store.write(third, 2);
  await opened.store.close();
  await writeFile(log, lines.filter((_, i) => i !== 2).join("\n"));
  await appendFile(log, "not a line\n");
  await using again = await openIn(folder.path);
  expect(verifyChain(await again.store.history("toy", { limit: 9 }), third)).toHaveLength(1);
});

test("the log is bounded, and its chain goes on from file to file", async () => {
  await using folder = await scratchFolder();
  const maxBytes = 5_000;
  await using opened = await openIn(folder.path, maxBytes);
  const { store } = opened;
  await store.write(music, 0);
  for (let revision = 1; revision <= 50; revision++) {
    await store.write(rolloutOf({ revision }), revision - 1);
    for (const name of ["audit.jsonl", "audit.1.jsonl"]) {
      const { size } = await stat(join(folder.path, name)).catch(() => ({ size: 0 }));
      expect(size).toBeLessThanOrEqual(maxBytes);
    }
  }
  const history = await store.history("toy", { limit: 99 });
  expect(history.length).toBeGreaterThan(5);
  expect(history.length).toBeLessThan(20);
  expect(verifyChain(history, await store.read("toy"))).toEqual([]);
  // Its entry was dropped long ago from the log; the newest of each model stays with the rollouts.
  expect(await store.history("music", { limit: 9 })).toHaveLength(1);
});
