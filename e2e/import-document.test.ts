import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFolder, openServer, type Folder } from "./open-server.fixture.ts";

const run = promisify(execFile);
const cwd = new URL("..", import.meta.url);
const page = await readFile(new URL("docs/import.md", cwd), "utf8");

const commands = Array.from(page.matchAll(/```sh\n(.*?)\n```/gs), ([, command]) => command!);
const [look = "", tryOut = "", bring = "", serve = "", call = ""] = commands;

let folder: Folder;
let bundles: string;
beforeAll(async () => {
  folder = await openFolder();
  bundles = join(folder.path, "bundles");
});
afterAll(() => folder[Symbol.asyncDispose]());

/** As the page writes it, by a shell. */
function type(command: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const crossfade = `"${process.execPath}" --import tsx cli/crossfade.ts`;
  const line = command.replace(/^crossfade/, crossfade).replace("bundles/", `${bundles}/`);
  return run("sh", ["-c", line], { cwd });
}

/** Each is a process of its own. */
const timeout = 120_000;

test("docs/import.md: a dry run tells what the file takes", { timeout }, async () => {
  expect(commands).toHaveLength(5);
  expect((await type(look)).stdout).toMatch(/the catalogue +40 lines/);
});

test("docs/import.md: with a catalogue it prints what the page shows", { timeout }, async () => {
  const [, shown] = /```\n(I understood of .*?)```/s.exec(page)!;
  expect((await type(tryOut)).stdout).toBe(shown);
});

test("docs/import.md: what was brought in is served, also to curl", { timeout }, async () => {
  const { stderr } = await type(bring);
  expect(stderr).toMatch(/HR@10 \d\.\d{3}/);
  expect(stderr).toMatch(/movies 1, fp32(, qint8)?(, edge)?$/m);
  expect(serve).toBe("crossfade serve --models bundles");
  await using server = await openServer(["--models", bundles]);
  const [, body = ""] = / -d '(.*)'$/.exec(call)!;
  const reply = await fetch(`http://127.0.0.1:${server.serving.httpPort}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const { top_items: items } = (await reply.json()) as { readonly top_items: readonly unknown[] };
  expect(items).toHaveLength(3);
});
