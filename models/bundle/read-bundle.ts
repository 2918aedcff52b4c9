import { createHash } from "node:crypto";
import { open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ServingError } from "../../proto/serving-error.ts";
import { manifestFile } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import type { Part } from "./manifest.ts";
import { parseManifest, refusal } from "./parse-manifest.ts";

export interface ReadBundleOptions {
  /** The families that the reader can serve; another one is a problem. */
  readonly families: readonly string[];
  readonly signal?: AbortSignal;
}

const maxManifestBytes = 1 << 20;

/** Hashing this much takes a fraction of a millisecond: requests served beside it hardly notice. */
const chunkBytes = 256 << 10;

/** Resolves when every part is there and has its checksum; rejects with all problems at once. */
export async function readBundle(dir: string, options: ReadBundleOptions): Promise<Bundle> {
  const source = join(dir, manifestFile);
  const manifest = parseManifest(await readManifest(source), {
    source,
    families: options.families,
  });
  const root = await realpath(dir);
  const problems: string[] = [];
  for (const [name, part] of Object.entries(manifest.parts)) {
    const problem = await partProblem(root, part, options.signal);
    if (problem !== undefined) problems.push(`parts.${name}: ${part.file} ${problem}`);
  }
  if (problems.length > 0) throw refusal(dir, problems);
  return { dir, manifest };
}

async function readManifest(file: string): Promise<string> {
  const size = await regularFileBytes(file);
  if (typeof size === "string")
    throw new ServingError("NOT_FOUND", `no bundle here: ${file} ${size}`);
  if (size > maxManifestBytes)
    throw refusal(file, [`it has ${size} bytes, at most ${maxManifestBytes} are read`]);
  await using handle = await open(file);
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await handle.read(bytes, 0, size, 0);
  return bytes.toString("utf8", 0, bytesRead);
}

/** The sizes are compared first, so that no more is read than the manifest says. */
async function partProblem(
  root: string,
  part: Part,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const file = join(root, part.file);
  const size = await regularFileBytes(file);
  if (typeof size === "string") return size;
  if (!(await realpath(file)).startsWith(root + sep)) return "is a link that leaves the bundle";
  if (size !== part.bytes)
    return `has ${size} bytes, the manifest says ${part.bytes}: copy the bundle again`;
  const sha256 = await hashFile(file, size, signal);
  if (sha256 === part.sha256) return undefined;
  return `has sha256 ${sha256}, the manifest says ${part.sha256}: copy the bundle again`;
}

async function regularFileBytes(file: string): Promise<number | string> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : "is not a regular file";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "is missing" : `cannot be read (${code})`;
  }
}

async function hashFile(file: string, size: number, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(Math.min(chunkBytes, size));
  await using handle = await open(file);
  for (let at = 0; at < size;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    // A file that shrank since its size was read: the checksum tells.
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
    await setImmediate();
  }
  return hash.digest("hex");
}
