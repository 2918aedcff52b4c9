import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../cli/eval/cli.fixture.ts";
import { words } from "../cli/loadtest/cli.fixture.ts";
import { missingData, openDataFolder, type DataFile } from "../eval/data/data-folder.ts";
import { datasetNames } from "../eval/data/datasets.ts";
import { llaraFiles, llaraFolders } from "../eval/data/llara.ts";
import { ml100kFiles } from "../eval/data/ml-100k.ts";
import { ml1mFiles } from "../eval/data/ml-1m.ts";
import { mpdFiles } from "../eval/data/mpd.ts";
import { protocols } from "../eval/protocols/protocols.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";

const root = new URL("..", import.meta.url);
const text = await readFile(new URL("docs/evaluation.md", root), "utf8");
const lines = Array.from(text.matchAll(/^```sh\n(.*?)^```/gms), ([, block]) => block!.split("\n"))
  .flat()
  .filter((line) => line !== "");

let folder: Folder;
let server: OpenServer;

beforeAll(async () => {
  folder = await openFolder();
  server = await openServer(["--models", new URL("examples/bundles", root).pathname]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** At the server of this test, whose model knows nothing of films: what is tested is that the line does what it says. */
function here(line: string): readonly string[] {
  const short = line.includes("--reference") || line.includes("--users") ? "" : " --users 5";
  const placed = `${line}${short}`
    .replace(/^crossfade eval /, "")
    .replace(/--users \d+/, "--users 5")
    .replaceAll(/127\.0\.0\.1:8[56]00/g, server.serving.address)
    .replaceAll(/-m (movies|artists)\b/g, "-m tracks")
    .replaceAll("songs@2", "songs@1")
    .replaceAll(
      /-m tracks(?!@)/g,
      line.includes("--name") ? "-m tracks@1" : "-m tracks@1 --name first",
    )
    .replaceAll(/ (listens\.tsv|(?:full|playlists)\.\w+)/g, ` ${folder.path}/$1`)
    .replace("examples/", `${root.pathname}examples/`);
  return words(placed);
}

test("the first evaluation, whole: a trained model above all baselines", async () => {
  const [listens, first] = lines as [string, string];
  const [command, ...args] = listens
    .replace("listens.tsv", `${folder.path}/listens.tsv`)
    .split(" ");
  expect(spawnSync(command!, args, { cwd: root }).status).toBe(0);
  const gate = ["--gate", "removed.HR@10>0.03"];
  const ran = await runCli([...here(first.replace("--users 500", "--users 200")), ...gate]);
  expect([ran.complained, ran.code]).toEqual(["", 0]);
  expect(ran.printed).not.toContain("CAREFUL");
});

const files: Readonly<Record<string, readonly DataFile[]>> = {
  "ml-1m": ml1mFiles,
  "ml-100k": ml100kFiles,
  "mpd-sample-1k": mpdFiles,
  "llara-lastfm": llaraFiles(llaraFolders[0]!),
};

/** The real data as far as some users, so that a dozen commands need not read all of it a dozen times. */
async function writeExcerpt(dataset: string): Promise<void> {
  const data = openDataFolder(process.env);
  for (const file of files[dataset]!) {
    const kept = data
      .read(file)
      .split("\n")
      .filter(isKept[file.path] ?? (() => true));
    await mkdir(dirname(`${folder.path}/${file.path}`), { recursive: true });
    await writeFile(`${folder.path}/${file.path}`, kept.join("\n"), file.encoding);
  }
}

const someUsers = (line: string) => !(Number.parseInt(line, 10) > 40);
const isKept: Readonly<Record<string, (line: string, at: number) => boolean>> = {
  "ml-1m/ml-1m_sas.txt": someUsers,
  "ml-1m/eval_test_100neg_seed0.tsv": someUsers,
  "llara/lastfm/train_data.df.jsonl": (_, at) => at < 2_000,
  "mpd-sample-1k/playlists.tsv": (line, at) => at < 2_000 || line.startsWith("test"),
};

describe("every other command is understood, and answered", () => {
  for (const line of lines.slice(2)) {
    const [, dataset] = / -d (\S+)/.exec(line) ?? [];
    const gone = dataset && missingData(process.env, files[dataset]!);
    test.skipIf(gone)(`${line}${gone ? ` (skipped: ${gone})` : ""}`, async () => {
      if (dataset !== undefined) await writeExcerpt(dataset);
      const ran = await runCli(here(line), { env: { CROSSFADE_DATA: folder.path } });
      expect(ran.complained).toBe("");
      // A gate on films may fail here; nothing else may.
      const fails = ran.printed.split("\n").filter((one) => one.startsWith("FAIL"));
      expect([ran.code, ran.printed]).toEqual([fails.length > 0 ? 1 : 0, expect.any(String)]);
    });
  }
});

test("it has every protocol and every data set", () => {
  expect(lines.length).toBeGreaterThan(10);
  for (const { name } of protocols) expect(text).toContain(`| \`${name}\``);
  for (const name of datasetNames) expect(text).toContain(`\`${name}\``);
});
