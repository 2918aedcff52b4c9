import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli, words } from "../cli/loadtest/cli.fixture.ts";
import { scenarios } from "../loadtest/scenarios/find-scenario.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

const documents = ["../docs/loadtest.md", "../README.md"];
let folder: Folder;
let server: OpenServer;
let blocks: readonly { readonly kind: string; readonly text: string }[];

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(`${folder.path}/models/playlists/1`);
  server = await openServer(["--models", `${folder.path}/models`]);
  const texts = await Promise.all(
    documents.map((name) => readFile(new URL(name, import.meta.url), "utf8")),
  );
  blocks = texts.flatMap((text) =>
    Array.from(text.matchAll(/^```(\w+)\n(.*?)^```/gms), ([, kind, inside]) => ({
      kind: kind!,
      text: inside!,
    })),
  );
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Shorter, slower, and at the server of this test; what is asked for stays as it is written. */
function here(line: string): string {
  return line
    .replace(/^(npm run crossfade --|crossfade) loadtest /, "")
    .replaceAll("127.0.0.1:8500", server.serving.address)
    .replaceAll("127.0.0.1:8501", `127.0.0.1:${server.serving.httpPort}`)
    .replaceAll("--port 8510", "--port 0")
    .replaceAll(/\b(\d+)s\b/g, (_, seconds: string) => `${10 * Number(seconds)}ms`)
    .replaceAll(/\b\d+\/s/g, "50/s")
    .replaceAll(
      / (slo\.yaml|results\S*|calls\.jsonl|users\.csv|junit\.xml)/g,
      ` ${folder.path}/$1`,
    );
}

function linesOf(): readonly string[] {
  return blocks
    .filter(({ kind }) => kind === "sh")
    .flatMap(({ text }) => text.split("\n"))
    .filter((line) => /^(npm run )?crossfade (-- )?loadtest /.test(line));
}

const scenarioLine = / scenario \S/;
/** What they would take of time is not for here; other tests run them. */
const long = / (search|compare) /;

test("every command of the documents does what it says", async () => {
  await mkdir(`${folder.path}/results`, { recursive: true });
  const { text } = blocks.find(({ kind, text }) => kind === "yaml" && text.includes("p99"))!;
  // One without the arm that this server has not.
  await writeFile(`${folder.path}/slo.yaml`, text.replaceAll("50ms", "20s").split("arms:")[0]!);
  await writeFile(`${folder.path}/users.csv`, "id\nu1\nu2\n");
  const lines = linesOf().filter((line) => !scenarioLine.test(line) && !long.test(line));
  expect(lines.length).toBeGreaterThan(15);
  for (const line of lines) {
    const isRun = /loadtest run/.test(line);
    // The recording of nobody has no calls to replay.
    if (line.includes("--replay")) await recordOne();
    const extra =
      isRun && !line.includes("--for") && !line.includes("--steps") ? " --for 100ms" : "";
    const fast = isRun ? " --warm-up 0s" : "";
    const ran = await runCli(words(here(line + (line.includes("--replay") ? "" : extra) + fast)));
    expect([line, ran.complained.match(/crossfade loadtest: .*/)?.[0]]).toEqual([line, undefined]);
    expect([line, ran.code]).toEqual([line, expect.toSatisfy((code) => code === 0 || code === 2)]);
  }
}, 120_000);

async function recordOne(): Promise<void> {
  const call = { atMs: 0, request: Buffer.from("\n\tplaylists\u0012\u0002u1").toString("base64") };
  const header = { format: 1, path: "/crossfade.v1.RecommenderService/Recommend" };
  const lines = [header, call].map((one) => JSON.stringify(one));
  await writeFile(`${folder.path}/calls.jsonl`, `${lines.join("\n")}\n`);
}

test("searches and comparisons of the documents are understood", async () => {
  const lines = linesOf().filter((line) => long.test(line));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const stop = AbortSignal.abort();
    const ran = await runCli(words(here(line)), { signal: stop });
    expect([line, ran.code]).toEqual([line, 2]);
    expect(ran.printed).toContain("interrupted");
  }
});

test("the document lists every scenario", async () => {
  const text = await readFile(new URL("../docs/loadtest.md", import.meta.url), "utf8");
  for (const { name } of scenarios) expect(text).toContain(`| \`${name}\` `);
});
