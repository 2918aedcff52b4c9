import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../bin/crossfade", import.meta.url));

/** From another folder, as whoever has it on the PATH would call it. */
function crossfade(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: tmpdir(), encoding: "utf8" });
  return { status, stdout, stderr };
}

test("--version is that of the package", () => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  const said = { status: 0, stdout: `crossfade ${version}\n`, stderr: "" };
  expect(crossfade("--version")).toEqual(said);
});

test.each([
  ["rollout bogus --help", 'crossfade rollout: there is no verb "bogus"'],
  ["loadtest rnu --help", "did you mean run?"],
  ["train bogus --help", 'crossfade train: no command "bogus"; there is two-tower'],
  ["train", "Trains, quantizes and measures"],
  ["feedback", "crossfade feedback export"],
])("`crossfade %s` is called wrongly, and told so", (line, message) => {
  const { status, stdout, stderr } = crossfade(...line.split(" "));
  expect([status, stdout, stderr]).toEqual([2, "", expect.stringContaining(message)]);
  expect(stderr).not.toContain('""');
});
