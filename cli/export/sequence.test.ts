import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBundle } from "../../models/bundle/read-bundle.ts";
import { loadCatalogue } from "../../models/catalogue/load-index.ts";
import {
  randomTrained,
  writeTrained,
  type RandomTrainedOptions,
} from "../../models/sequence/export/trained/write-trained.fixture.ts";
import { hearSaid } from "../terminal/said.fixture.ts";
import { exportSequence } from "./sequence.ts";

const said = hearSaid();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-export-sequence-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

const at = (name: string) => join(dir, name);
const put = (options: RandomTrainedOptions = {}) =>
  writeTrained(at("trained"), randomTrained(options));
const run = (...args: readonly string[]) =>
  exportSequence.run(["--trained", at("trained"), "--out", at("models/films/1"), ...args]);
const read = () => readBundle(at("models/films/1"), { families: ["sequence"] });

test("a trained folder becomes a bundle, and the log says what each form takes", async () => {
  await put({ architecture: { userDims: 0 } });
  expect(await run("--variants", "fp32,edge")).toBe(0);
  expect(said.text).toMatch(
    /^60 items of 8 dimensions, without users; 2 blocks, the last 12 items/,
  );
  expect(said.text).toMatch(/Measuring fp32, exact .*\nfp32: \d+ warm users: HR@10 0\.\d+/);
  expect(said.text).toMatch(/wrote \S+films\/1\n {2}fp32 +0\.\d\d MB, 100%; without .*100%\n/);
  expect(said.text).toMatch(
    /\n {2}edge +0\.\d\d MB, +\d+%; without ids and titles +0\.\d\d MB, +\d+%\n$/,
  );
  const bundle = await read();
  expect(Object.keys(bundle.manifest.variants)).toEqual(["fp32", "edge"]);
  expect(bundle.manifest).toMatchObject({ family: "sequence", idType: "string" });
  const catalogue = await loadCatalogue(at("models/films/1/items.ids"));
  expect(catalogue.titleOf(7)).toBe("Film 7");
});

test("a version that is there stays as it is", async () => {
  await put();
  expect(await run("--variants", "fp32")).toBe(0);
  const before = await readdir(at("models/films/1"));
  said.text = "";
  expect(await run()).toBe(1);
  expect(said.text).toMatch(/films\/1 is there, and bundles never change: choose another version/);
  expect(await readdir(at("models/films/1"))).toEqual(before);
});

test("a folder that nobody trained is refused with all that it lacks, and nothing is written", async () => {
  expect(await run()).toBe(1);
  expect(said.text).toMatch(/no trained folder that can be exported; scripts\/train writes them:/);
  expect(said.text).toMatch(
    /model\.json is missing[^]*holdout\.tsv[^]*model\.safetensors is missing/,
  );
  expect(await readdir(dir)).toEqual([]);
});

test("called wrongly it says everything that is wrong", async () => {
  expect(await exportSequence.run(["--out", "films/a b", "--variants", "fp32,fp64"])).toBe(2);
  expect(said.text).toMatch(
    /--variants is "fp32,fp64"; it must be names out of fp32,qint8,fp16,edge/,
  );
  said.text = "";
  expect(await exportSequence.run(["--out", "films/a b"])).toBe(2);
  expect(said.text).toMatch(/give --trained\n.*--out is films\/a b; it must end in MODEL\/VERSION/);
});

test("ids that are asked to be numbers and are none are named", async () => {
  await put();
  expect(await run("--id-type", "int")).toBe(1);
  expect(said.text).toMatch(/--id-type is int, and "m0" is no number/);
});
