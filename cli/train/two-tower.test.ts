import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, listenerId, playlistId } from "../../loadtest/world/create-world.ts";
import { loadCatalogue, loadIdIndex } from "../../models/catalogue/load-index.ts";
import { readBundle } from "../../models/bundle/read-bundle.ts";
import { hearSaid } from "../terminal/said.fixture.ts";
import { trainTwoTower } from "./two-tower.ts";

const world = createWorld({ listeners: 120, playlists: 60 });

const said = hearSaid();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-train-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

const at = (name: string) => join(dir, name);
const linesOf = (rows: Iterable<unknown>) =>
  Array.from(rows, (row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");
const put = (name: string, rows: Iterable<unknown>) => writeFile(at(name), linesOf(rows));
const listeners = Array.from({ length: world.sizes.listeners }, (_, i) => i);

/** Half of the listeners a choice a line, the others all in one. */
async function putWorld(): Promise<void> {
  const items = Array.from({ length: world.sizes.playlists }, (_, i) => world.playlist(i));
  await put("items.jsonl", items);
  await put(
    "follows.jsonl",
    listeners.flatMap<object>((i) => {
      const user = listenerId(i);
      const follows = Array.from(world.follows(i), playlistId);
      return i % 2 === 0 ? [{ user, items: follows }] : follows.map((item) => ({ user, item }));
    }),
  );
}

const files = () => ["--interactions", at("follows.jsonl"), "--catalogue", at("items.jsonl")];
const quick = ["--dims=8", "--epochs=2", "--warm-probes=20", "--cold-probes=5"];
const train = (out: string, ...args: readonly string[]) =>
  trainTwoTower.run([...files(), "--out", at(out), ...quick, ...args]);
const read = (out: string) => readBundle(at(out), { families: ["two-tower"] });

test("interactions become a bundle, the same for the same seed", async () => {
  await putWorld();
  expect(await train("films/1")).toBe(0);
  expect(said.text).toMatch(/60 items, \d+ interactions, 0 rows of feedback\n/);
  expect(said.text).toMatch(
    /Training on \d+ choices of 120 users .*\n(.*\n)*wrote .*films\/1: films 1, fp32/,
  );
  const first = await read("films/1");
  expect(first.manifest).toMatchObject({ model: "films", version: "1", idType: "string" });
  const catalogue = await loadCatalogue(join(first.dir, "items.ids"));
  expect(catalogue.size).toBe(60);
  expect((await loadIdIndex(join(first.dir, "users.ids"))).size).toBe(115);
  expect(await train("films/2")).toBe(0);
  expect(await train("films/3", "--seed", "2")).toBe(0);
  const vectors = async (out: string) => (await read(out)).manifest.parts["item-vectors"]!.sha256;
  expect(await vectors("films/2")).toBe(await vectors("films/1"));
  expect(await vectors("films/3")).not.toBe(await vectors("films/1"));
});

test("feedback changes what is learned, and brings new users", async () => {
  await putWorld();
  expect(await train("films/1")).toBe(0);
  await put(
    "rows.jsonl",
    [...listeners, "somebody new"].map((i) => ({
      user: typeof i === "number" ? listenerId(i) : i,
      liked: "p3",
      others: ["p4", "p5", "not of this model"],
      time: "2026-01-31T12:00:00Z",
      event_id: String(i),
    })),
  );
  expect(await train("films/2", "--feedback", at("rows.jsonl"))).toBe(0);
  expect(said.text).toContain("121 rows of feedback\n");
  expect(said.text).toContain("of 121 users");
  expect((await readdir(at("films"))).sort()).toEqual(["1", "2"]);
});

test("feedback alone is enough to train on; nothing at all is not", async () => {
  await putWorld();
  const rows = listeners.flatMap((i) =>
    Array.from(world.follows(i), (item) => ({
      user: listenerId(i),
      liked: playlistId(item),
      others: ["p4"],
    })),
  );
  await put("rows.jsonl", rows);
  const common = ["--catalogue", at("items.jsonl"), "--out", at("films/1"), ...quick];
  expect(await trainTwoTower.run(common)).toBe(2);
  expect(said.text).toContain("nothing to learn from: give --interactions, --feedback or both");
  expect(await trainTwoTower.run(["--feedback", at("rows.jsonl"), ...common])).toBe(0);
  expect(said.text).toContain(`60 items, 0 interactions, ${rows.length} rows of feedback\n`);
});

test("ids that are numbers in the catalogue are numbers in the bundle", async () => {
  const items = Array.from({ length: 40 }, (_, id) => ({ id: 100 + id }));
  await put("items.jsonl", items);
  await put(
    "follows.jsonl",
    Array.from({ length: 100 }, (_, i) => ({
      user: 1_000 + i,
      items: [1, 2, 3, 4].map((step) => 100 + ((i + step * step) % 40)),
    })),
  );
  expect(await train("films/1")).toBe(0);
  expect((await read("films/1")).manifest.idType).toBe("int");
  await put("follows.jsonl", [{ user: "u1", item: 101 }]);
  expect(await train("films/2")).toBe(1);
  expect(said.text).toContain('follows.jsonl:1: user: the id "u1" is no whole number');
});

test("items that are not in the catalogue are counted; when they are most, the file is wrong", async () => {
  await putWorld();
  await put("rows.jsonl", [{ user: "u1", liked: "gone", others: [] }]);
  expect(await train("films/1", "--feedback", at("rows.jsonl"))).toBe(0);
  expect(said.text).toContain("1 of items that are not in the catalogue");
  await put("items.jsonl", [{ id: "other" }]);
  expect(await train("films/2")).toBe(1);
  expect(said.text).toContain("is it the right one?");
});

const follow = { user: "u1", item: "p1" };

test.each<[string, readonly unknown[], readonly string[]]>([
  [
    "items.jsonl",
    [{ id: "p1" }, "", { title: "no id" }, { id: "p1" }, { id: 1.5 }, { id: "" }, "[]", "{"],
    [
      "items.jsonl:3: id is missing",
      'items.jsonl:4: id "p1" is that of line 1 already',
      "items.jsonl:5: id is 1.5, not text or a whole number",
      "items.jsonl:6: id: the id is empty",
      "items.jsonl:7: it is no object",
      "items.jsonl:8: it is no JSON",
      'A row looks like {"id":"p1"',
    ],
  ],
  [
    "follows.jsonl",
    [follow, { item: "p1" }, { user: "u1" }, { user: "u1", items: "p1" }, { ...follow, items: [] }],
    [
      "follows.jsonl:2: user is missing",
      "follows.jsonl:3: item is missing",
      'follows.jsonl:4: items is "p1", not a list',
      "follows.jsonl:5: item and items exclude each other",
    ],
  ],
  [
    "rows.jsonl",
    [{ user: "u1" }, { user: "u1", liked: "p1", others: [null] }],
    [
      "rows.jsonl:1: liked is missing; others is missing",
      "rows.jsonl:2: others[0] is null, not text or a whole number",
    ],
  ],
  ["items.jsonl", [], ["items.jsonl has no items"]],
  ["items.jsonl", Array.from({ length: 50 }, () => "x"), ["items.jsonl:10: it is no JSON"]],
])("%s with bad rows: each with its line", async (file, rows, complaints) => {
  await putWorld();
  await put("rows.jsonl", []);
  await put(file, rows);
  expect(await train("films/1", "--feedback", at("rows.jsonl"))).toBe(1);
  for (const complaint of complaints) expect(said.text).toContain(complaint);
  expect(said.text).not.toContain(":11:");
  expect(await readdir(dir)).not.toContain("films");
});

test("a version that is there is refused before anything is read", async () => {
  await putWorld();
  expect(await train("films/1")).toBe(0);
  await rm(at("items.jsonl"));
  expect(await train("films/1")).toBe(1);
  expect(said.text).toContain("bundles never change: choose another version");
});

test("too few users to measure by are said", async () => {
  await putWorld();
  await put("follows.jsonl", [follow, { user: "u2", items: ["p2", "p3", "p4"] }]);
  expect(await train("films/1")).toBe(1);
  expect(said.text).toContain("there are no cold probes");
});

test.each([
  [["--catalouge", "x"], "did you mean --catalogue?"],
  [["--out", "films/.1"], "it must end in MODEL/VERSION"],
  [["--epochs", "many"], '--epochs is "many"; it must be a number from 0.01 to 10000'],
  [["--seed", "-1"], "--seed"],
])("%j is refused", async (args, says) => {
  const others = args[0] === "--out" ? [] : ["--out", at("films/1")];
  expect(await trainTwoTower.run([...files(), ...others, ...args])).toBe(2);
  expect(said.text).toContain(says);
});

test("stopped in the middle, it leaves nothing", async () => {
  await putWorld();
  const args = ["cli/crossfade.ts", "train", "two-tower", ...files(), "--out", at("films/1")];
  const child = spawn(process.execPath, ["--import", "tsx", ...args, "--epochs=10000"], {
    cwd: new URL("../..", import.meta.url),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (output.includes("rows of feedback") && !child.killed) child.kill("SIGINT");
  });
  const [code] = (await once(child, "close")) as [number];
  expect([code, output]).toEqual([1, expect.stringContaining("nothing was written")]);
  expect(await readdir(dir)).not.toContain("films");
});
