import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../cli/eval/cli.fixture.ts";
import type { EvalResult } from "../eval/result.ts";
import { listenerId } from "../loadtest/world/create-world.ts";
import { recommend } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallBundle, smallWorld } from "./small-bundle.fixture.ts";

let folder: Folder;
let server: OpenServer;
/** The same model in another form. */
let other: OpenServer;
let follows: string;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(`${folder.path}/models/playlists/1`);
  const models = ["--models", `${folder.path}/models`];
  server = await openServer([...models, "--variant", "fp32"]);
  other = await openServer([...models, "--variant", "qint8"]);
  follows = `${folder.path}/follows.txt`;
  await writeFile(follows, followLines());
});

afterAll(async () => {
  await Promise.all([server[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
  await folder[Symbol.asyncDispose]();
});

/** Who follows what. The model has seen most of it: it has to find what it was shown. */
function followLines(): string {
  const lines: string[] = [];
  for (let listener = 0; listener < smallWorld.sizes.listeners; listener++)
    for (const item of smallWorld.follows(listener))
      lines.push(`${listenerId(listener)} p${item}\n`);
  return lines.join("");
}

const asked = () => ["-t", server.serving.address, "-m", "playlists"];
const evaluate = (...args: readonly string[]) => runCli([...asked(), "-d", follows, ...args]);

async function readJson<Value>(file: string): Promise<Value> {
  return JSON.parse(await readFile(file, "utf8")) as Value;
}

function meanOf({ parts }: EvalResult, metric: string, who: string): number {
  const { rows, metrics } = parts[0]!;
  const row = rows.find((one) => one.who === who && one.group === "all");
  return row!.values[metrics.findIndex(({ name }) => name === metric)]!.mean;
}

test("a trained model is far above chance and above what is popular, newcomers apart", async () => {
  const [json, html] = [`${folder.path}/eval.json`, `${folder.path}/eval.html`];
  const gates = ["--gate", "Hit@10>=0.5", "--gate", "1-vs-50.MRR>0.2"];
  const ran = await evaluate("-p", "1-vs-50", "--json", json, "--html", html, ...gates);
  expect([ran.code, ran.complained]).toEqual([0, ""]);
  const found = await readJson<EvalResult>(json);
  expect(meanOf(found, "Hit@1", "random")).toBeCloseTo(1 / 51, 4);
  expect(meanOf(found, "MRR", "random")).toBeCloseTo(0.0886, 3);
  expect(meanOf(found, "MRR", "playlists")).toBeGreaterThan(meanOf(found, "MRR", "popularity"));
  // A tenth was kept back in training.
  const { calls, coldStart, degraded, failed, backends } = found.sides[0]!.labels;
  expect([calls, coldStart, degraded, failed]).toEqual([600, 60, {}, {}]);
  expect(backends).toEqual({ "cpu-fp32": 600 });
  expect(ran.printed).toMatch(/^cold users \(60\) +playlists +random +popularity/m);
  expect(ran.printed).toMatch(/^Hit@10 +0\.\d{4} \[0\.\d{4}, 0\.\d{4}\] +0\.1961 +0\.\d{4}/m);
  expect(ran.printed).toMatch(/^PASS Hit@10>=0\.5: playlists has 0\.\d{4}$/m);
  expect(ran.printed).not.toContain("\u001B");
  expect(await readFile(html, "utf8")).toContain("<h2>One positive among 50 negatives</h2>");
});

test("two forms of a model side by side; what is not met exits with 1", async () => {
  const json = `${folder.path}/compare.json`;
  const compare = ["-c", `${other.serving.address},name=qint8`, "--users", "100", "--json", json];
  const met = ["--gate", "overlap@10>=0.96", "--gate", "removed.change HR@10<=0.05"];
  const ran = await evaluate("-p", "full", ...compare, ...met);
  expect([ran.code, ran.complained]).toEqual([0, ""]);
  expect(ran.printed).toMatch(/^qint8 less playlists$/m);
  const { sides, parts } = await readJson<EvalResult>(json);
  expect(sides.map(({ name, variant }) => [name, variant])).toEqual([
    ["playlists", "fp32"],
    ["qint8", "qint8"],
  ]);
  expect(parts.map(({ differences }) => differences[0]!.overlapAt10!.mean > 0.96)).toEqual([
    true,
    true,
  ]);
  const unmet = await evaluate("-p", "full", "--users", "20", "--gate", "HR@10>1");
  expect([unmet.code, unmet.printed]).toEqual([1, expect.stringContaining("FAIL HR@10>1")]);
});

test("a call that fails makes all figures invalid", async () => {
  const file = `${folder.path}/cases.jsonl`;
  const fine = { user: "u1", sequence: ["p1", "p2"], target: "p3" };
  const none = { user: "u\0", sequence: ["p1"], target: "p4" };
  await writeFile(file, [fine, none].map((one) => `${JSON.stringify(one)}\n`).join(""));
  const ran = await runCli([...asked(), "-d", file, "-p", "full"]);
  expect(ran.code).toBe(2);
  expect(ran.printed).toContain("INVALID: playlists: 2 of 4 calls failed: 2 × INVALID_ARGUMENT");
  expect(ran.printed).toContain("INVALID: these figures prove nothing");
});

test("playlists by their ids, from a file of nobody's data", async () => {
  const ran = await runCli([...asked(), "-d", "mpd-sample-1k", "-p", "playlist"], {
    env: { CROSSFADE_DATA: folder.path },
  });
  expect(ran.code).toBe(2);
  expect(ran.complained).toContain(`cannot read ${folder.path}/mpd-sample-1k/tracks.tsv`);
  expect(ran.complained).toContain("It comes from the Million Playlist Dataset");
});

test("what is served is what was trained: ties may swap, nothing else may", async () => {
  const users = ["u1", "u7", "u300"];
  const replies = await Promise.all(users.map((userId) => recommend(server.channel, { userId })));
  const write = async (change: (top: [string, number][]) => [string, number][]) => {
    const lines = replies.map(({ items }, at) => {
      const top = items.map(({ id, score }): [string, number] => [id, score]);
      return `${JSON.stringify({ user_id: users[at], sequence: [], top: change(top) })}\n`;
    });
    await writeFile(`${folder.path}/reference.jsonl`, lines.join(""));
    return runCli([...asked(), "--reference", `${folder.path}/reference.jsonl`]);
  };
  const same = await write((top) => top);
  expect([same.code, same.printed]).toEqual([0, expect.stringContaining("SAME: 3 users")]);
  const close = await write((top) => top.map(([id, score]) => [id, score + 5e-5]));
  expect([close.code, close.printed]).toEqual([0, expect.stringContaining("5.00e-5")]);
  const far = await write((top) => top.map(([id, score]) => [id, score + 2e-4]));
  expect([far.code, far.printed]).toEqual([1, expect.stringContaining("DIFFERENT: 3 of 3 users")]);
  const swapped = await write(([first, second, ...rest]) => [second!, first!, ...rest]);
  expect(swapped.code).toBe(1);
  expect(swapped.printed).not.toContain("--variant");
  const file = `${folder.path}/reference.jsonl`;
  const quantized = ["-t", other.serving.address, "-m", "playlists", "--reference", file];
  const another = await runCli(quantized);
  expect(another.code).toBe(1);
  expect(another.printed).toContain("the reference is float32, and cpu-qint8 answered: ask a");
});

test("interrupted, it says so", async () => {
  const ran = await runCli([...asked(), "-d", follows, "-p", "full"], {
    signal: AbortSignal.abort(),
  });
  expect([ran.code, ran.printed]).toEqual([2, ""]);
  expect(ran.complained).toContain("interrupted");
});
