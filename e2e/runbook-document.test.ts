import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { alerts } from "../scripts/monitoring/rules.fixture.ts";
import { runCli } from "../cli/rollout/cli.fixture.ts";
import { sectionsWith } from "./documented-commands.fixture.ts";
import { findGoProgram } from "./go-program.ts";
import { openRouter, type OpenRouter } from "./open-router.fixture.ts";
import { openFolder, type Folder } from "./open-server.fixture.ts";

const root = new URL("../", import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, root), "utf8");
const page = textOf("docs/runbook.md");

test("every alert has its section, and every section of alerts its alert", () => {
  const titles = Array.from(page.matchAll(/^### (.*)$/gm), ([, title]) => title!);
  expect(new Set(titles)).toEqual(new Set(alerts.map(({ alert }) => alert)));
  for (const [, text] of page.matchAll(/^### [^\n]*\n(.*?)(?=^##)/gms)) {
    expect(text).toContain("**Means**");
    expect(text).toContain("**Do**");
  }
});

test("links within the page lead to sections of it", () => {
  const titles = Array.from(page.matchAll(/^##+ (.*)$/gm), ([, title]) => title!);
  const anchors = titles.map((title) => title.toLowerCase().replaceAll(" ", "-"));
  for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  for (const [, path] of page.matchAll(/\]\(([^#)]+)\)/g))
    expect(existsSync(new URL(path!, new URL("docs/", root))), path).toBe(true);
});

describe("the commands of crossfade do what the page says", () => {
  const weights = {
    format: 1,
    model: "playlists",
    revision: 1,
    salt: "spring",
    arms: [
      { name: "stable", version: "1", weight: 9_000, ranges: [[0, 9_000]] },
      { name: "canary", version: "2", weight: 1_000, ranges: [[9_000, 10_000]] },
    ],
  };
  let folder: Folder;
  let router: OpenRouter;

  /** Without a shell and a process for each: there are many. */
  function type(command: string) {
    const [, , ...args] = Array.from(
      command.matchAll(/"([^"]*)"|\S+/g),
      ([word, quoted]) => quoted ?? word,
    );
    const env = { CROSSFADE_ADMIN: `127.0.0.1:${router.routes.adminPort}` };
    return runCli(args, { env, files: { "weights.json": JSON.stringify(weights) } });
  }

  beforeAll(async () => {
    folder = await openFolder();
    const file = join(folder.path, "weights.json");
    await writeFile(file, JSON.stringify(weights));
    // Nobody calls: servers need not be there.
    router = await openRouter(["--servers", "127.0.0.1:1", "--distributions", file]);
  });

  afterAll(async () => {
    await router[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test.each(sectionsWith("sh", page))("$title", async ({ commands }) => {
    await type('crossfade rollout apply -f weights.json --reason "as it was"');
    for (const command of commands) {
      const { code, printed, complained } = await type(command);
      // There is nothing to heal here, and it says so.
      if (command.includes(" adopt ")) expect(complained, command).toMatch(/adopt/);
      else expect({ code, complained }, command).toMatchObject({ code: 0 });
      if (/ (abort|set|undo|promote) /.test(command))
        expect(printed, command).toMatch(/revision \d+/);
    }
  });
});

const operations = sectionsWith("console", page).flatMap(({ commands }) => commands);

test("what kubectl is told to look at is what the chart makes", () => {
  const golden = readdirSync(new URL("helm/golden/", root)).map((name) =>
    textOf(`helm/golden/${name}`),
  );
  const objects = golden
    .flatMap((text) => parseAllDocuments(text))
    .map((one) => one.toJS() as { kind: string; metadata: { name: string } } | null)
    .map((one) => `${one?.kind.toLowerCase()}/${one?.metadata.name}`);
  const named = operations.flatMap(
    (line) => line.match(/\b(deployment|statefulset)\/[\w-]+/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(objects).toContain(name);
});

test("the chart's values and files are there", () => {
  const values = parse(textOf("helm/crossfade/values.yaml")) as Record<string, unknown>;
  const isValue = (path: string) => {
    let value: unknown = values;
    for (const key of path.replace("pools[]", "poolDefaults").split("."))
      value = (value as Record<string, unknown> | undefined)?.[key];
    return value !== undefined;
  };
  const sets = operations.flatMap((line) => Array.from(line.matchAll(/--set ([\w.]+)=/g)));
  const inText = Array.from(page.matchAll(/`([a-zA-Z]+(?:\[\])?(?:\.[a-zA-Z]+)+)`/g)).filter(
    ([, path = ""]) => Object.hasOwn(values, path.split(/[.[]/)[0]!) && !path.endsWith(".md"),
  );
  expect(inText.length).toBeGreaterThan(5);
  for (const [, path] of [...sets, ...inText]) expect(isValue(path!), path).toBe(true);
  const files = operations.flatMap((line) => line.match(/helm\/crossfade[\w./-]*/g) ?? []);
  for (const file of files) expect(existsSync(new URL(file, root)), file).toBe(true);
});

/** Of the tool's own help; undefined where the tool is not. */
function knowsFlags(tool: string, line: string): void {
  const program = findGoProgram(tool)!;
  const words = line.split(" -- ")[0]!.split(" ").slice(1);
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0]!);
  const plain = words.filter(
    (word, i) => !word.startsWith("-") && !/^-(n|f|o)$/.test(words[i - 1] ?? ""),
  );
  const verbs = plain.slice(0, { create: 3, rollout: 2 }[plain[0]!] ?? 1);
  const help = execFileSync(program, [...verbs, "--help"], { encoding: "utf8" });
  const options =
    tool === "kubectl" ? execFileSync(program, ["options"], { encoding: "utf8" }) : "";
  const unknown = flags.filter(
    (flag) => !new RegExp(`(^|\\s)${flag}\\b`, "m").test(help + options),
  );
  expect(unknown, line).toEqual([]);
}

describe.each(["helm", "kubectl"])("%s", (tool) => {
  const isMissing = findGoProgram(tool) === undefined;
  const lines = operations.filter((line) => line.startsWith(`${tool} `));
  test.skipIf(isMissing).each(lines)(
    `knows the flags of: %s${isMissing ? ` (skipped: no ${tool} here)` : ""}`,
    (line) => knowsFlags(tool, line),
  );
});
