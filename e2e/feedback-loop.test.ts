import { execFile, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openFolder } from "./open-server.fixture.ts";

const run = promisify(execFile);
const cwd = new URL("..", import.meta.url);
const users = 40;

// Where it may not be missing, it is not skipped: the test then fails for want of it.
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const isSkipped = !hasCurl && !process.env["CI"];
const reason = isSkipped ? " (skipped: no curl here; npm test says how to get it)" : "";

test.skipIf(isSkipped)(
  `serve, feedback, export, train, canary at 5%, promote: examples/feedback-loop.sh${reason}`,
  async () => {
    await using folder = await openFolder();
    const env = { ...process.env, USERS: `${users}` };
    const { stdout, stderr } = await run("examples/feedback-loop.sh", [folder.path], { cwd, env });

    expect(stdout).toContain('{"msg":"Feedback Sent"}\n{"msg":"Feedback Sent"}\n');
    expect(stderr).toContain(`${users + 1} rows; 0 repeats dropped`);
    expect(stderr).toContain(`${users + 1} rows of feedback\n`);
    const rows = (await readFile(join(folder.path, "rows.jsonl"), "utf8")).trim().split("\n");
    expect(rows.map((row) => JSON.parse(row) as object)).toContainEqual(
      expect.objectContaining({ user: "22434", liked: "p7", others: ["p1", "p2", "p3", "p4"] }),
    );

    expect(stdout).toMatch(/stable 1 9500bp, canary 2 500bp\n/);
    const [atFive, atAll] = stdout.split("Nothing is wrong with it").map(versionsIn);
    expect(atFive!["1"]).toBeGreaterThan(users / 2);
    expect((atFive!["1"] ?? 0) + (atFive!["2"] ?? 0)).toBe(users);
    expect(atAll).toEqual({ "2": users });

    const [, learned] = /\n(\d+) of 40 users get what they liked/.exec(stdout)!;
    expect(Number(learned)).toBeGreaterThan(users / 2);
  },
  120_000,
);

/** How many users had each version. */
function versionsIn(text: string): Readonly<Record<string, number>> {
  const lines = Array.from(text.matchAll(/^ *(\d+) "modelVersion":"(\d)"$/gm));
  return Object.fromEntries(lines.map(([, count, version]) => [version!, Number(count)]));
}
