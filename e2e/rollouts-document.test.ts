import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sectionsWith, typeCommand } from "./documented-commands.fixture.ts";
import { openFolder, type Folder } from "./open-server.fixture.ts";
import { openRouter, type OpenRouter } from "./open-router.fixture.ts";

const cwd = new URL("..", import.meta.url);
const page = await readFile(new URL("docs/rollouts.md", cwd), "utf8");

const sections = sectionsWith("sh", page);

const document = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "spring",
  arms: [
    { name: "stable", version: "1", weight: 9_000, ranges: [[0, 9_000]] },
    { name: "canary", version: "2", weight: 1_000, ranges: [[9_000, 10_000]] },
  ],
};
/** What a canary is replaced in is a rollout that has none. */
const withoutCanary = {
  ...document,
  arms: [{ name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] }],
};

let folder: Folder;
let router: OpenRouter;
let file: string;

beforeAll(async () => {
  folder = await openFolder();
  file = join(folder.path, "weights.json");
  await writeFile(file, JSON.stringify(document));
  // Nobody calls: servers need not be there.
  router = await openRouter(["--servers", "127.0.0.1:1", "--distributions", file]);
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const type = (command: string) => typeCommand(command, router.routes.adminPort);

test.each(sections)("$title", async ({ title, commands }) => {
  const first = title === "Bring a new version" ? withoutCanary : document;
  await writeFile(file, JSON.stringify(first));
  await type(`crossfade rollout apply -f ${file} --reason "as it was"`);
  for (const command of commands) {
    if (command.includes(" adopt ")) {
      // There is nothing to heal here, and it says so.
      await expect(type(command)).rejects.toMatchObject({ stderr: expect.stringMatching(/adopt/) });
      continue;
    }
    const { stdout } = await type(command);
    expect(stdout, command).not.toBe("");
    const changes = / (abort|set|undo|pause|resume|promote) /.test(command);
    if (changes) expect(stdout, command).toMatch(/revision \d+ -> \d+/);
  }
});

test("the codes of status are those that its help tells", async () => {
  const { stdout } = await type("crossfade rollout status --help");
  const codes = Array.from(page.matchAll(/^\| (\d+) +\|/gm), ([, code]) => code!);
  expect(codes).toHaveLength(9);
  for (const code of codes) expect(stdout).toMatch(new RegExp(`\\b${code}\\b`));
});
