import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { encodeTensors } from "../../../safetensors/encode.fixture.ts";
import { readTrained } from "./read-trained.ts";
import { toWeights } from "./to-weights.ts";
import { randomTrained, song, writeTrained } from "./write-trained.fixture.ts";

type Files = ReturnType<typeof randomTrained>["files"];

async function read(changed: Partial<Files> = {}) {
  const dir = await mkdtemp(join(tmpdir(), "trained-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await writeTrained(dir, { files: { ...randomTrained().files, ...changed } });
  return readTrained(dir);
}

const model = (changes: object) =>
  JSON.stringify({ ...(JSON.parse(randomTrained().files.model as string) as object), ...changes });

test("a folder is read whole: weights, items with artists, playlists with their first target that is an item", async () => {
  const tracks = [{ title: "", artist: "The Bana Band" }, song(3)];
  const trained = await read({
    heldOut: [
      JSON.stringify({ tracks, targets: ["gone", "t7", "t8"] }),
      JSON.stringify({ tracks, targets: ["gone"] }),
    ].join("\n"),
  });
  expect(trained.items[2]).toEqual({ id: "t2", count: 88, ...song(2) });
  expect(trained.playlists).toEqual([{ tracks, target: "t7" }]);
  expect(toWeights(trained)).toEqual(randomTrained().weights);
});

test("of a folder of another family only that is told, with what takes it", async () => {
  await expect(read({ model: model({ family: "sequence" }), items: "t0\n" })).rejects.toThrow(
    /model\.json is of the family "sequence", and crossfade export cold-start takes "cold-start"; each family has a command of its own name$/,
  );
});

test("everything that is wrong is told at once", async () => {
  const reading = read({
    model: model({ text: { kind: "grams", rules: 2 } }),
    weights: encodeTensors({}),
    items: "t0\t3\tSong\tBand\nt0\tmany\tSong\tBand\nt1\t2\tSong\n",
    heldOut: [
      "{",
      '{"tracks":[],"targets":[]}',
      '{"tracks":[{"title":"","artist":""}],"targets":["t0"]}',
      '{"tracks":[{"title":"a"}],"targets":"t0"}',
    ].join("\n"),
  });
  const said = await reading.then(
    () => "nothing",
    (error: Error) => error.message,
  );
  const lines = said.split("\n").map((line) => line.replace(/\S+\/(?=[a-z]+\.)/, ""));
  expect(lines.slice(1)).toEqual([
    "  - model.json: text.rules: must be a whole number from 1 to 1, got 2",
    '  - items.tsv:2: the count "many" is no whole number',
    '  - items.tsv:2: the id "t0" is that of line 1',
    "  - items.tsv:3: it has other cells than an id, a count, a title and an artist",
    expect.stringMatching(/^ {2}- holdout\.jsonl:1: it is no JSON: /),
    "  - holdout.jsonl:2: tracks: there are none",
    "  - holdout.jsonl:3: tracks[0]: has neither title nor artist",
    '  - holdout.jsonl:4: tracks[0].artist: must be text, got nothing; targets: must be a list of at most 10000, got "t0"',
    expect.stringMatching(/^ {2}- holdout\.jsonl has no playlist with a target in items\.tsv/),
  ]);
});

test("what a text of one kind needs is asked for", async () => {
  const encoder = { kind: "encoder", encoder: "e.onnx", tokenizer: "t.json" };
  const tokens = { pooling: "mean", maxTokens: 32 };
  await expect(read({ model: model({ text: { ...encoder, ...tokens } }) })).rejects.toThrow(
    /architecture\.encoderDims: is missing, and the text is of kind encoder/,
  );
  await expect(
    read({ model: model({ text: { ...encoder, ...tokens, encoder: "../e.onnx" } }) }),
  ).rejects.toThrow(/text\.encoder: must be the name of a file in the trained folder/);
});

test("no more buckets than grams can be hashed to", async () => {
  const { architecture } = JSON.parse(randomTrained().files.model as string) as {
    architecture: object;
  };
  const refused = model({ architecture: { ...architecture, buckets: 2 ** 21 + 1 } });
  await expect(read({ model: refused })).rejects.toThrow(
    /architecture\.buckets: must be a whole number from 1 to 2097152, got 2097153/,
  );
});

test("a folder that is not there is told file by file", async () => {
  await expect(readTrained("/nowhere/at-all")).rejects.toThrow(
    /model\.json is missing[^]*items\.tsv is missing[^]*holdout\.jsonl is missing[^]*model\.safetensors is missing/,
  );
});

test("tensors must be those of the network, and numbers", async () => {
  await expect(read({ weights: randomTrained({ items: 91 }).files.weights })).rejects.toThrow(
    /item_vectors is \[91, 8\] where \[90, 8\] is needed/,
  );
  const diverged = Buffer.from(randomTrained().files.weights as Uint8Array);
  diverged.writeFloatLE(Number.NaN, diverged.length - 4);
  await expect(read({ weights: diverged })).rejects.toThrow(
    /item_vectors\[719\] is NaN; the training diverged/,
  );
});
