import { copyFile, link, open, rename, rm } from "node:fs/promises";

/**
 * The file holds all of the text or what it held before, whenever the machine stops; what fails leaves it as it was. That
 * a power failure does not undo it takes `syncFolder` as well. A killed process can leave a file beside it, named by
 * `asideOf`.
 * @param keepAs What the file held is to be found there afterwards.
 */
export async function replaceFile(path: string, text: string, keepAs?: string): Promise<void> {
  const aside = asideOf(path);
  try {
    await writeDurably(aside, text);
    if (keepAs !== undefined) await keep(path, keepAs);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}

/** By process, so that two that write the same file harm nobody but the slower one. */
export function asideOf(path: string): string {
  return `${path}.${process.pid}.new`;
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using handle = await open(path, "w");
  await handle.writeFile(text);
  await handle.sync();
}

/** The old content gets its second name before it loses the first: at no time there is none. */
async function keep(path: string, keepAs: string): Promise<void> {
  const aside = asideOf(keepAs);
  await rm(aside, { force: true });
  try {
    await link(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    // Not every file system can link.
    await copyFile(path, aside);
  }
  await rename(aside, keepAs);
  // Renaming does nothing where both names are of one file already: a killed process got that far.
  await rm(aside, { force: true });
}

/** Names in it are on the disk when this resolves. */
export async function syncFolder(dir: string): Promise<void> {
  await using handle = await open(dir);
  await handle.sync();
}
