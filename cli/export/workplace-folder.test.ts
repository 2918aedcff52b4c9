import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { identityOf, isGone } from "./process-identity.ts";
import { makeWorkplaceFolder, workplacePrefix } from "./workplace-folder.ts";

let parent: string;
beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), "crossfade-workplaces-"))));
afterEach(() => rm(parent, { recursive: true }));

/** A process that does nothing until it is killed. */
async function startOther() {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  await once(child, "spawn");
  const end = async () => {
    if (child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "close");
  };
  onTestFinished(end);
  return { identity: await identityOf(child.pid!), end };
}

async function put(prefix: string): Promise<string> {
  const name = `${prefix}abc123`;
  await mkdir(join(parent, name));
  await writeFile(join(parent, name, "weights"), "many");
  return name;
}

test("the workplace of a process that was killed is removed by the next, and not while it lives", async () => {
  const other = await startOther();
  const theirs = await put(workplacePrefix(other.identity));
  const first = basename(await makeWorkplaceFolder(parent));
  expect((await readdir(parent)).sort()).toEqual([theirs, first].sort());
  await other.end();
  const second = basename(await makeWorkplaceFolder(parent));
  expect((await readdir(parent)).sort()).toEqual([first, second].sort());
});

test.runIf(process.platform === "linux")(
  "a process that got the number of one that is gone keeps no workplace of it",
  async () => {
    const { identity } = await startOther();
    expect(await isGone(identity)).toBe(false);
    const earlier = { ...identity, started: identity.started - 1 };
    expect(await isGone(earlier)).toBe(true);
    await put(workplacePrefix(earlier));
    const own = basename(await makeWorkplaceFolder(parent));
    expect(await readdir(parent)).toEqual([own]);
  },
);

test("what is of another machine, or no workplace, stays", async () => {
  const other = await startOther();
  await other.end();
  const gone = workplacePrefix(other.identity);
  const elsewhere = workplacePrefix({ ...other.identity, place: "0123456789abcdef" });
  const names = [await put(elsewhere), await put("crossfade-work-"), await put(`${gone}more-`)];
  await writeFile(join(parent, `${gone}file00`), "");
  await symlink(join(parent, names[0]!), join(parent, `${gone}link00`));
  names.push(`${gone}file00`, `${gone}link00`);
  const own = basename(await makeWorkplaceFolder(parent));
  expect((await readdir(parent)).sort()).toEqual([...names, own].sort());
  expect(await readdir(join(parent, names[0]!))).toEqual(["weights"]);
});
