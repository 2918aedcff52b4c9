import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBundle } from "../../models/bundle/read-bundle.ts";
import { loadCatalogue } from "../../models/catalogue/load-index.ts";
import {
  randomTrained,
  writeTrained,
} from "../../models/cold-start/export/trained/write-trained.fixture.ts";
import { hearSaid } from "../terminal/said.fixture.ts";
import { exportColdStart } from "./cold-start.ts";

const said = hearSaid();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-export-cold-start-"));
});
afterEach(() => rm(dir, { recursive: true }));

const at = (name: string) => join(dir, name);
const run = (...args: readonly string[]) =>
  exportColdStart.run(["--trained", at("trained"), "--out", at("models/songs/1"), ...args]);

test("a trained folder becomes a bundle with titles and artists, and the log says what each form takes", async () => {
  await writeTrained(at("trained"), randomTrained());
  expect(await run("--variants", "fp32,edge")).toBe(0);
  expect(said.text).toMatch(
    /^90 items of 8 dimensions, names by 512 rows of 6; 60 playlists held out\n/,
  );
  expect(said.text).toMatch(/Measuring fp32, exact .*\nfp32: 60 warm users: HR@10 0\.\d+/);
  expect(said.text).toMatch(/wrote \S+songs\/1\n {2}fp32 +0\.\d\d MB, 100%; without .*100%\n/);
  const { manifest } = await readBundle(at("models/songs/1"), { families: ["cold-start"] });
  expect(Object.keys(manifest.variants)).toEqual(["fp32", "edge"]);
  expect(manifest).toMatchObject({ model: "songs", version: "1", idType: "string" });
  const catalogue = await loadCatalogue(at("models/songs/1/items.ids"));
  expect([catalogue.titleOf(7), catalogue.artistOf(7)]).toEqual([
    expect.stringMatching(/^Song /),
    expect.stringMatching(/^The .* Band$/),
  ]);
});

test("the same folder gives the same parts", async () => {
  await writeTrained(at("trained"), randomTrained());
  const shas = async (out: string) => {
    const args = ["--trained", at("trained"), "--out", at(out), "--variants", "fp32"];
    expect(await exportColdStart.run(args)).toBe(0);
    const manifest = JSON.parse(await readFile(at(`${out}/bundle.json`), "utf8")) as {
      parts: Record<string, { sha256: string }>;
    };
    return Object.entries(manifest.parts).map(([name, { sha256 }]) => [name, sha256]);
  };
  expect(await shas("models/songs/1")).toEqual(await shas("models/songs/2"));
});

test("a folder that nobody trained is refused with all that it lacks, and nothing is written", async () => {
  expect(await run()).toBe(1);
  expect(said.text).toMatch(/model\.json is missing[^]*holdout\.jsonl is missing/);
  expect(await readdir(dir)).toEqual([]);
});

test("called wrongly it says everything that is wrong", async () => {
  expect(await exportColdStart.run(["--out", "songs/a b"])).toBe(2);
  expect(said.text).toMatch(/give --trained\n.*--out is songs\/a b; it must end in MODEL\/VERSION/);
});
