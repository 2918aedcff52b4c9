import {
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { partFile, variantOf } from "./bundle.ts";
import { readBundle } from "./read-bundle.ts";
import type { Measured } from "./passport.ts";
import { writeBundle } from "./write-bundle.ts";
import type { BundleDraft, VariantDraft } from "./write-bundle.ts";

/** Users on which a variant agrees with fp32 in all respects. */
const agreeing: Measured = {
  users: 100,
  metrics: { hr10: 0.5, ndcg10: 0.3 },
  agreement: { overlap10: 1, top1: 1, recall10: 1 },
};

const sampleVariant: VariantDraft = {
  graphs: { catalogue: "fp32-catalogue" },
  parts: ["items"],
  passport: {
    warm: agreeing,
    cold: agreeing,
    latency: { isa: "avx2", threads: 1, batchMs: { 1: 0.5, 32: 4 } },
  },
};

/** A small bundle whose parts are not what their names say: for what treats parts as bytes. */
const sampleDraft: BundleDraft = {
  model: "playlists",
  version: "7",
  family: "two-tower",
  idType: "string",
  created: "2025-01-31T12:00:00Z",
  settings: { dims: 8 },
  parts: {
    "fp32-catalogue": {
      file: "fp32-catalogue.onnx",
      version: "7",
      content: Buffer.from("a graph"),
    },
    items: {
      file: "weights/items.f32",
      version: "3",
      content: Buffer.alloc(3_000_000, "weights "),
    },
  },
  variants: { fp32: sampleVariant },
};

let root: string;
let dir: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bundle-"));
  dir = join(root, "playlists", "7");
});

afterEach(() => rm(root, { recursive: true }));

const read = (from: string = dir) => readBundle(from, { families: ["two-tower"] });

async function editManifest(edit: (json: string) => string): Promise<void> {
  const file = join(dir, "bundle.json");
  await writeFile(file, edit(await readFile(file, "utf8")));
}

test("a written bundle reads back as it was written", async () => {
  const written = await writeBundle(dir, sampleDraft);
  expect(await read()).toMatchObject(written);
  expect(written.manifest.parts["items"]).toMatchObject({ version: "3", bytes: 3_000_000 });
  expect(written.manifest.variants.fp32?.passport.bytes).toBe(3_000_007);
  expect(await readFile(partFile(written, "fp32-catalogue"), "utf8")).toBe("a graph");
  expect(await readdir(join(root, "playlists"))).toEqual(["7"]);
});

test("parts may come as a stream and lie in shared memory", async () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(5_000_000)).fill(7);
  async function* stream() {
    yield bytes.subarray(0, 1000);
    yield bytes.subarray(1000);
  }
  const parts = {
    "fp32-catalogue": { file: "a", version: "1", content: bytes },
    items: { file: "b", version: "1", content: stream() },
  };
  const { manifest } = await writeBundle(dir, { ...sampleDraft, parts });
  expect(manifest.parts["items"]?.sha256).toBe(manifest.parts["fp32-catalogue"]?.sha256);
  expect((await read()).manifest).toEqual(manifest);
});

async function* failing() {
  yield Buffer.alloc(100_000);
  throw new Error("the disk caught fire");
}

test("a part that fails half way leaves nothing behind", async () => {
  const items = { file: "items.f32", version: "1", content: failing() };
  const draft = { ...sampleDraft, parts: { ...sampleDraft.parts, items } };
  await expect(writeBundle(dir, draft)).rejects.toThrow("the disk caught fire");
  expect(await readdir(join(root, "playlists"))).toEqual([]);
});

test("a draft that could not be read is refused before anything is written", async () => {
  const items = { file: "../items.f32", version: "1", content: Buffer.alloc(1) };
  const draft = { ...sampleDraft, model: "", parts: { ...sampleDraft.parts, items } };
  await expect(writeBundle(dir, draft)).rejects.toThrow(
    /model: (.*\n)*.*parts\.items\.file: must be a path inside/,
  );
  expect(await readdir(root)).toEqual([]);
});

test("a version is written once", async () => {
  await writeBundle(dir, sampleDraft);
  await expect(writeBundle(dir, sampleDraft)).rejects.toThrow(/is there, and bundles never change/);
});

test("a reused part is the same file with the version it had", async () => {
  const first = await writeBundle(dir, sampleDraft);
  const next = join(root, "playlists", "8");
  const items = { from: first, part: "items" };
  const second = await writeBundle(next, {
    ...sampleDraft,
    version: "8",
    parts: { ...sampleDraft.parts, items },
  });
  expect(second.manifest.parts["items"]).toEqual(first.manifest.parts["items"]);
  expect((await stat(partFile(second, "items"))).ino).toBe(
    (await stat(partFile(first, "items"))).ino,
  );
  await rm(dir, { recursive: true });
  expect(await read(next)).toMatchObject(second);
});

test("a part that was replaced since its bundle was read is not reused, and nothing appears", async () => {
  const from = await writeBundle(dir, sampleDraft);
  const file = partFile(from, "items");
  await writeFile(`${file}.new`, Buffer.alloc(3_000_000, "others "));
  await rename(`${file}.new`, file);
  const parts = { ...sampleDraft.parts, items: { from, part: "items" } };
  await expect(
    writeBundle(join(root, "playlists", "8"), { ...sampleDraft, version: "8", parts }),
  ).rejects.toThrow(
    /7 is not what it was when it was read, start again: its weights\/items\.f32 has sha256/,
  );
  expect(await readdir(join(root, "playlists"))).toEqual(["7"]);
});

test("a reused part that is a link is what it leads to", async () => {
  const from = await writeBundle(dir, sampleDraft);
  await rename(partFile(from, "items"), join(dir, "elsewhere"));
  await symlink("../elsewhere", partFile(from, "items"));
  const parts = { ...sampleDraft.parts, items: { from, part: "items" } };
  const next = join(root, "playlists", "8");
  await writeBundle(next, { ...sampleDraft, version: "8", parts });
  await rm(dir, { recursive: true });
  await expect(read(next)).resolves.toBeDefined();
});

test("reusing a part that is not there names it", async () => {
  const from = await writeBundle(dir, sampleDraft);
  const draft = {
    ...sampleDraft,
    parts: { ...sampleDraft.parts, items: { from, part: "nothing" } },
  };
  await expect(writeBundle(join(root, "8"), draft)).rejects.toThrow(/has no part nothing to reuse/);
});

test("every broken part is reported at once", async () => {
  await writeBundle(dir, sampleDraft);
  await rm(join(dir, "fp32-catalogue.onnx"));
  await truncate(join(dir, "weights/items.f32"), 2_999_999);
  await expect(read()).rejects.toThrow(
    /2 problems:\n.*fp32-catalogue\.onnx is missing\n.*has 2999999 bytes, the manifest says 3000000/,
  );
});

test("one flipped bit is found", async () => {
  await writeBundle(dir, sampleDraft);
  const bytes = await readFile(join(dir, "weights/items.f32"));
  bytes[1_500_000]! ^= 1;
  await writeFile(join(dir, "weights/items.f32"), bytes);
  await expect(read()).rejects.toThrow(
    /parts\.items: weights\/items\.f32 has sha256 [0-9a-f]{64}, the manifest says/,
  );
});

test("a link that leaves the bundle is refused, one that stays is not", async () => {
  await writeBundle(dir, sampleDraft);
  const file = join(dir, "fp32-catalogue.onnx");
  await rename(file, join(dir, "elsewhere"));
  await symlink("elsewhere", file);
  await expect(read()).resolves.toBeDefined();
  await rename(join(dir, "elsewhere"), join(root, "elsewhere"));
  await rm(file);
  await symlink("../../elsewhere", file);
  await expect(read()).rejects.toThrow(/fp32-catalogue\.onnx is a link that leaves the bundle/);
});

test("a folder linked to the outside is refused as well", async () => {
  await writeBundle(dir, sampleDraft);
  await rename(join(dir, "weights"), join(root, "weights"));
  await symlink(join(root, "weights"), join(dir, "weights"));
  await expect(read()).rejects.toThrow(/weights\/items\.f32 is a link that leaves the bundle/);
});

test("what is no regular file is refused, not read for ever", async () => {
  await writeBundle(dir, sampleDraft);
  await rm(join(dir, "fp32-catalogue.onnx"));
  await symlink("/dev/zero", join(dir, "fp32-catalogue.onnx"));
  await expect(read()).rejects.toThrow(/is not a regular file/);
});

test("a size is compared with the file before it is believed", async () => {
  await writeBundle(dir, sampleDraft);
  await editManifest((json) =>
    json.replaceAll("3000000", "4398046511000").replaceAll("3000007", "4398046511007"),
  );
  await expect(read()).rejects.toThrow(/has 3000000 bytes, the manifest says 4398046511000/);
});

test("a folder without a manifest is no bundle, and a huge manifest is not read", async () => {
  await expect(read()).rejects.toThrow(/no bundle here: .*bundle\.json is missing/);
  await writeBundle(dir, sampleDraft);
  await truncate(join(dir, "bundle.json"), 2 << 20);
  await expect(read()).rejects.toThrow(/it has 2097152 bytes, at most 1048576 are read/);
});

test("other work runs while the parts are read", async () => {
  await writeBundle(dir, sampleDraft);
  let turns = 0;
  let reading = true;
  const count = () => {
    turns += 1;
    if (reading) setImmediate(count);
  };
  setImmediate(count);
  await read();
  reading = false;
  // 3 MB in pieces of 256 KiB.
  expect(turns).toBeGreaterThanOrEqual(12);
});

test("an aborted read stops", async () => {
  await writeBundle(dir, sampleDraft);
  const signal = AbortSignal.abort(new Error("shutting down"));
  await expect(readBundle(dir, { families: ["two-tower"], signal })).rejects.toThrow(
    "shutting down",
  );
});

test("a variant outside its gate does not load, with the figures; the others do", async () => {
  const cold = { ...agreeing, agreement: { ...agreeing.agreement, top1: 0.9 } };
  const qint8 = { ...sampleVariant, passport: { ...sampleVariant.passport, cold } };
  const bundle = await writeBundle(dir, {
    ...sampleDraft,
    variants: { fp32: sampleVariant, qint8 },
  });
  expect(variantOf(bundle, "fp32")).toBe(bundle.manifest.variants.fp32);
  expect(() => variantOf(bundle, "qint8")).toThrow(
    /cold users: same top-1 with fp32 is 0\.9000, at least 0\.94/,
  );
  expect(() => variantOf(bundle, "edge")).toThrow(/has no edge variant; it has fp32, qint8/);
});

test("a part that the bundle lacks is named", async () => {
  const bundle = await writeBundle(dir, sampleDraft);
  expect(() => partFile(bundle, "toString")).toThrow(
    /has no part toString; it has fp32-catalogue, items/,
  );
});
