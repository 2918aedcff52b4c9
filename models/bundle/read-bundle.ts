import { open } from "node:fs/promises";
import { join } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";
import { manifestFile } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { regularFileBytes } from "./check-part.ts";
import { parseManifest, refusal } from "./parse-manifest.ts";
import { createPartFiles, type PartFiles } from "./part-files.ts";

export interface ReadBundleOptions {
  /** The families that the reader can serve; another one is a problem. */
  readonly families: readonly string[];
  readonly signal?: AbortSignal;
}

const maxManifestBytes = 1 << 20;

/** One whose parts were all there, with their checksums. */
export interface ReadBundle extends Bundle {
  readonly files: PartFiles;
}

/** Resolves when every part is there and has its checksum; rejects with all problems at once. */
export async function readBundle(dir: string, options: ReadBundleOptions): Promise<ReadBundle> {
  const source = join(dir, manifestFile);
  const manifest = parseManifest(await readManifest(source), {
    source,
    families: options.families,
  });
  const files = createPartFiles({ dir, manifest });
  await files.verify(options.signal);
  return { dir, manifest, files };
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
