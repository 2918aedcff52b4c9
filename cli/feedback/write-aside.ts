import { randomUUID } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export type WriteText = (text: string) => Promise<void>;

/** The file appears, or is replaced, when all of it is on the disk; what fails leaves it as it was. "-": standard output. */
export async function writeAside<Result>(
  path: string,
  produce: (write: WriteText) => Promise<Result>,
): Promise<Result> {
  if (path === "-") return produce(writeOut);
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const result = await writeWhole(aside, produce);
    await rename(aside, path);
    return result;
  } catch (error) {
    await unlink(aside).catch(() => {});
    throw error;
  }
}

async function writeWhole<Result>(
  path: string,
  produce: (write: WriteText) => Promise<Result>,
): Promise<Result> {
  await using handle = await open(path, "wx");
  const result = await produce((text) => handle.writeFile(text));
  await handle.sync();
  return result;
}

function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
