import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";
import { manifestFile, partFile } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { partProblem } from "./check-part.ts";
import { bundleFormat } from "./manifest.ts";
import type { Manifest, Part, Variant, VariantName } from "./manifest.ts";
import { parseManifest, variantBytes } from "./parse-manifest.ts";
import type { Passport } from "./passport.ts";
import { refuseExisting } from "./refuse-existing.ts";

export interface NewPart {
  readonly file: string;
  readonly version: string;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * A part of another bundle, taken as it is: linked, or copied where the file system cannot link. Refused where it is no longer what
 * that bundle's manifest says.
 */
export interface ReusedPart {
  readonly from: Bundle;
  readonly part: string;
}

export interface VariantDraft extends Pick<Variant, "graphs" | "parts"> {
  readonly passport: Omit<Passport, "bytes">;
}

export interface BundleDraft extends Omit<Manifest, "format" | "parts" | "variants"> {
  readonly parts: Readonly<Record<string, NewPart | ReusedPart>>;
  readonly variants: Readonly<Partial<Record<VariantName, VariantDraft>>>;
}

/**
 * The bundle appears at `dir` whole or not at all, also when the machine stops half way. A crash can leave a sibling
 * folder whose name starts with a dot; readers of bundle folders skip those.
 */
export async function writeBundle(dir: string, draft: BundleDraft): Promise<Bundle> {
  const target = resolve(dir);
  // Refused before a byte is written, with stand-ins for what only writing can tell.
  checkedManifest(
    draft,
    mapParts(draft, (part) => ({ ...partNames(part), sha256: "0".repeat(64), bytes: 1 })),
  );
  await refuseExisting(target);
  const aside = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await mkdir(aside, { recursive: true });
    const manifest = await writeInto(aside, draft);
    await rename(aside, target);
    await syncFolder(dirname(target));
    return { dir: target, manifest };
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

async function writeInto(dir: string, draft: BundleDraft): Promise<Manifest> {
  const parts: Record<string, Part> = {};
  for (const [name, part] of Object.entries(draft.parts)) {
    const file = join(dir, partNames(part).file);
    await mkdir(dirname(file), { recursive: true });
    parts[name] = "from" in part ? await reusePart(dir, part) : await writePart(file, part);
    await syncFolder(dirname(file));
  }
  const manifest = checkedManifest(draft, parts);
  const content = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}
`);
  await writePart(join(dir, manifestFile), { file: manifestFile, version: draft.version, content });
  await syncFolder(dir);
  return manifest;
}

/** Through the reader's own checks, so that what is written can be read. */
function checkedManifest(draft: BundleDraft, parts: Manifest["parts"]): Manifest {
  const variants = Object.entries(draft.variants).map(([name, variant]) => {
    const passport = { ...variant.passport, bytes: variantBytes({ parts }, variant) };
    return [name, { ...variant, passport }];
  });
  const manifest = {
    format: bundleFormat,
    ...draft,
    parts,
    variants: Object.fromEntries(variants) as unknown,
  };
  return parseManifest(JSON.stringify(manifest), { source: "the draft", families: [draft.family] });
}

function mapParts(
  draft: BundleDraft,
  part: (part: NewPart | ReusedPart) => Part,
): Manifest["parts"] {
  return Object.fromEntries(
    Object.entries(draft.parts).map(([name, entry]) => [name, part(entry)]),
  );
}

function partNames(part: NewPart | ReusedPart): Pick<Part, "file" | "version"> {
  const { file, version } = "from" in part ? reused(part) : part;
  return { file, version };
}

function reused({ from, part }: ReusedPart): Part {
  const found = from.manifest.parts[part];
  if (found !== undefined) return found;
  throw new ServingError("NOT_FOUND", `${from.dir} has no part ${part} to reuse`);
}

async function reusePart(dir: string, part: ReusedPart): Promise<Part> {
  const taken = reused(part);
  const file = join(dir, taken.file);
  const source = await realpath(partFile(part.from, part.part));
  try {
    await link(source, file);
  } catch {
    await copyFile(source, file, constants.COPYFILE_FICLONE);
    await using handle = await open(file);
    await handle.sync();
  }
  // Of what was taken, not of the source: that may be replaced at any time.
  const problem = await partProblem(await realpath(dir), taken);
  if (problem === undefined) return taken;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${part.from.dir} is not what it was when it was read, start again: its ${taken.file} ${problem}`,
  );
}

async function writePart(file: string, part: NewPart): Promise<Part> {
  const hash = createHash("sha256");
  let bytes = 0;
  await using handle = await open(file, "wx");
  for await (const chunk of part.content instanceof Uint8Array
    ? slices(part.content)
    : part.content) {
    hash.update(chunk);
    bytes += chunk.length;
    await writeAll(handle, chunk);
  }
  await handle.sync();
  return { file: part.file, version: part.version, sha256: hash.digest("hex"), bytes };
}

/** A short write is allowed, e.g. when the disk fills up; the next one then tells why. */
async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, at, chunk.length - at);
    at += bytesWritten;
  }
}

const sliceBytes = 1 << 20;

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

async function syncFolder(dir: string): Promise<void> {
  await using handle = await open(dir);
  await handle.sync();
}
