import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openAdmin } from "../server/control/admin/admin.fixture.ts";
import { openFolder } from "../server/control/router.fixture.ts";

/** What the command says, in a process of its own. */
async function run(...args: readonly string[]) {
  const command = ["--import", "tsx", "cli/crossfade.ts", "admin-token", ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code: child.exitCode, out, err };
}

test("what it prints on standard output goes to the file, and the token then has the role", async () => {
  const { code, out, err } = await run("--name", "ann", "--role", "viewer", "--expires", "90d");
  const [token] = /crossfade_[\w-]{43}/.exec(err)!;
  expect([code, out.split("\n").length, out.includes(token)]).toEqual([0, 2, false]);

  await using folder = await openFolder();
  const credentials = join(folder.path, "tokens");
  await writeFile(credentials, out);
  await using admin = await openAdmin({ folder, credentials });
  const metadata = new Map([["authorization", `Bearer ${token}`]]);
  expect((await admin.rpc.list({}, { metadata })).rollouts).toHaveLength(1);
  const abort = { $case: "abort", value: {} } as const;
  await expect(admin.rpc.change({ change: abort }, { metadata })).rejects.toThrow(
    "needs the role operator, and ann is viewer",
  );
});

test("called wrongly it says what is wrong, all at once", async () => {
  const { code, out, err } = await run("--role", "root", "--expires", "soon", "--nmae", "ann");
  expect([code, out]).toEqual([2, ""]);
  for (const says of ["viewer, operator, admin", "a duration", "did you mean --name?"])
    expect(err).toContain(says);
  expect(err).toMatch(/^crossfade admin-token is called wrongly:\n/);
});
