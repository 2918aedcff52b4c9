import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf, isGone, type ProcessIdentity } from "./process-identity.ts";

/**
 * Makes a folder for what a command works on, which the command removes at the end. Where one was killed before, all weights would stay
 * behind: a workplace's name says whose it is, and those whose process is gone are removed first.
 */
export async function makeWorkplaceFolder(parent: string = tmpdir()): Promise<string> {
  await removeAbandoned(parent);
  return mkdtemp(join(parent, workplacePrefix(await identityOf(process.pid))));
}

export function workplacePrefix({ place, pid, started }: ProcessIdentity): string {
  return `crossfade-work-${place}-${pid}-${started}-`;
}

const workplaceName = /^crossfade-work-([0-9a-f]{16})-([1-9]\d{0,9})-(\d{1,15})-[A-Za-z0-9]{6}$/;

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, place, pid, started] = workplaceName.exec(name) ?? [];
    if (place === undefined) continue;
    const owner = { place, pid: Number(pid), started: Number(started) };
    const path = join(parent, name);
    if ((await isOwnFolder(path)) && (await isGone(owner)))
      // What cannot be removed keeps nobody from working.
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** Anybody may put a name into the folder of temporary files. */
async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
