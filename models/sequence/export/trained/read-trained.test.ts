import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { encodeTensors } from "../../../safetensors/encode.fixture.ts";
import { readTrained } from "./read-trained.ts";
import { randomTrained, smallArchitecture, writeTrained } from "./write-trained.fixture.ts";

type Files = ReturnType<typeof randomTrained>["files"];

async function read(changed: Partial<Files> = {}, options = {}) {
  const dir = await mkdtemp(join(tmpdir(), "trained-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const trained = randomTrained(options);
  await writeTrained(dir, { ...trained, files: { ...trained.files, ...changed } });
  return readTrained(dir);
}

test("a folder is read whole: weights, ids, titles, counts, what was held out", async () => {
  const { architecture, items, userIds, tensors, heldOut } = await read({
    heldOut: "u3\tm1,m0,m1\tm7\nnobody\t\tm2\n",
  });
  expect(architecture).toEqual(smallArchitecture);
  expect(items).toHaveLength(60);
  expect(items[2]).toEqual({ id: "m2", title: "Film 2", count: 58 });
  expect(userIds.slice(0, 2)).toEqual(["u0", "u1"]);
  expect(tensors.get("item_embedding")).toHaveLength(60 * 8);
  expect(tensors.get("blocks.1.feed_in.weight")).toHaveLength(24 * 16);
  expect(heldOut).toEqual([
    { user: 3, history: Int32Array.of(1, 0, 1), next: 7 },
    { user: -1, history: new Int32Array(), next: 2 },
  ]);
});

test("a network without users has no table of them", async () => {
  const { tensors } = await read({}, { architecture: { userDims: 0 } });
  expect(tensors.has("user_embedding")).toBe(false);
  expect(tensors.get("position_embedding")).toHaveLength(12 * 8);
});

test("everything that is wrong is told at once", async () => {
  const reading = read({
    model: JSON.stringify({
      format: 1,
      family: "sequence",
      architecture: { ...smallArchitecture, heads: 3 },
      training: {},
    }),
    weights: encodeTensors({}),
    items: "m0\t3\tFilm\nm0\tmany\tFilm\nm1\t2\tFilm\tmore\n",
    users: "u0\n\nu0\n",
    heldOut: "u0\tm0,m9\tm0\nu0\tm0\n",
  });
  const said = await reading.then(
    () => "nothing",
    (error: Error) => error.message,
  );
  const lines = said
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/\S+\/(?=[a-z]+\.)/, ""));
  expect(lines).toEqual([
    "  - model.json: architecture.heads: 3 heads cannot share the 16 dimensions of a position evenly",
    '  - items.tsv:2: the count "many" is no whole number',
    '  - items.tsv:2: the id "m0" is that of line 1',
    "  - items.tsv:3: it has more than an id, a count and a title",
    "  - users.tsv:2: the id is empty",
    '  - users.tsv:3: the id "u0" is that of line 1',
    '  - holdout.tsv:1: the item "m9" is not in items.tsv',
    "  - holdout.tsv:2: it has 2 cells, not a user, items and a target",
  ]);
});

test.each<[string, Partial<Files>, RegExp]>([
  ["a newer format", { model: '{"format":2}' }, /model\.json: format: must be .* 1 to 1, got 2/],
  ["no JSON", { model: "{" }, /model\.json: it is no JSON/],
  ["no weights", { weights: "" }, /it has 0 bytes, which is too short/],
  ["an empty catalogue", { items: "" }, /items\.tsv has no items/],
  ["nothing held out", { heldOut: "" }, /holdout\.tsv has no rows/],
  ["bytes that are no text", { users: Uint8Array.of(0xff) }, /users\.tsv is no UTF-8/],
])("refuses %s", async (_, changed, why) => {
  await expect(read(changed)).rejects.toThrow(why);
});

test("a folder that is not there is told file by file", async () => {
  await expect(readTrained("/nowhere/at-all")).rejects.toThrow(
    /model\.json is missing[^]*items\.tsv is missing[^]*model\.safetensors is missing/,
  );
});

test("tensors must be those of the network, and numbers", async () => {
  const { files } = randomTrained({ items: 61 });
  await expect(read({ weights: files.weights })).rejects.toThrow(
    /item_embedding is \[61, 8\] where \[60, 8\] is needed/,
  );
  const wider = randomTrained({ architecture: { blocks: 3 } }).files;
  await expect(read({ weights: wider.weights })).rejects.toThrow(
    /blocks\.2\.query\.weight has no place in this architecture/,
  );
  const diverged = Buffer.from(randomTrained().files.weights as Uint8Array);
  diverged.writeFloatLE(Number.NaN, diverged.length - 4);
  await expect(read({ weights: diverged })).rejects.toThrow(
    /final_norm\.bias\[15\] is NaN; the training diverged/,
  );
});
