import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTrialAuthority } from "../transport/issue-certificates.ts";
import { checkFiles } from "./check-files.ts";
import { readConfig } from "./config/read-config.ts";
import { serveSchema } from "./config/serve-schema.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-files-"));
  await mkdir(join(dir, "models"));
  await writeFile(join(dir, "text"), "nothing that fits\n");
  await writeFile(join(dir, "short"), "short\n");
  await writeFile(join(dir, "list.json"), '[{"format": 1}]');
});
afterAll(() => rm(dir, { recursive: true }));

const at = (name: string) => join(dir, name);

async function problemsOf(...args: readonly string[]): Promise<readonly string[]> {
  const admin = ["--admin-port", "0"];
  const models =
    args.includes("--bundle") || args.includes("--models") ? [] : ["--models", at("models")];
  const given = { args: [...models, ...admin, ...args], env: {}, readFile: String };
  const result = readConfig(serveSchema, given);
  if ("problems" in result) throw new Error(result.problems.join("; "));
  return checkFiles(result.config);
}

test("what is there is fine", async () => {
  expect(await problemsOf()).toEqual([]);
});

test("everything is told at once", async () => {
  const routing = ["--distributions", at("none.json"), "--admin-tokens", at("text")];
  const others = ["--override-token-file", at("short"), "--tls-certificate", at("models")];
  const problems = await problemsOf(...routing, ...others, "--tls-key", at("text/key"));
  expect(problems).toHaveLength(5);
  expect(problems.slice(0, 3)).toEqual([
    `--distributions is ${at("none.json")}: it is not there`,
    expect.stringMatching(/^--admin-tokens: .*cannot be used:\n.*line 1: is no JSON object/s),
    expect.stringMatching(/^--override-token-file: .*too short/),
  ]);
  expect(problems.slice(3)).toEqual([
    `--tls-certificate is ${at("models")}: it is a folder, not a file`,
    `--tls-key is ${at("text/key")}: it is not there, or no folder`,
  ]);
});

test.each([
  ["--bundle", "models", "it has no bundle.json"],
  ["--bundle", "none", "it is not there"],
  ["--models", "text", "it is not there, or no folder"],
  ["--distributions", "list.json", "list.json[0]"],
  ["--distributions", "text", "JSON"],
])("%s %s: %s", async (flag, name, says) => {
  const [problem, ...others] = await problemsOf(flag, at(name));
  expect(problem).toContain(flag);
  expect(problem).toContain(says);
  expect(others).toEqual([]);
});

test("a key of another certificate is told though both can be read", async () => {
  const authority = createTrialAuthority();
  await writeFile(at("cert.pem"), authority.issue("one").certificate);
  await writeFile(at("key.pem"), authority.issue("other").key);
  const problems = await problemsOf(
    "--tls-certificate",
    at("cert.pem"),
    "--tls-key",
    at("key.pem"),
  );
  expect(problems).toEqual([expect.stringContaining("is not the one of the certificate in")]);
});
