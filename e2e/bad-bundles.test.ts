import { createHash } from "node:crypto";
import { cp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Manifest } from "../models/bundle/manifest.ts";
import { recommend } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

let folder: Folder;
let server: OpenServer;
let next = 2;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(join(folder.path, "models/playlists/1"));
  server = await openServer([
    "--models",
    join(folder.path, "models"),
    "--poll-ms",
    "20ms",
    "--variant",
    "qint8",
  ]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Damage {
  /** The damaged copy's folder; it then arrives as the newest version. */
  readonly dir: string;
  readonly manifest: Manifest;
}

const damages: readonly (readonly [
  what: string,
  damage: (copy: Damage) => Promise<unknown>,
  says: string,
])[] = [
  [
    "a wrong checksum",
    async ({ dir, manifest }) => flipByte(join(dir, manifest.parts["items"]!.file)),
    "sha256",
  ],
  [
    "a missing part",
    ({ dir, manifest }) => rm(join(dir, manifest.parts["popularity"]!.file)),
    "missing",
  ],
  ["a truncated ONNX file", truncateGraph, "no ONNX model"],
  ["an unknown family", (copy) => edit(copy, { family: "oracle" }), "oracle"],
  ["a newer format", (copy) => edit(copy, { format: 2 }), "newer than this build"],
  ["a part path that leaves the bundle", leaveBundle, ".."],
  ["no JSON at all", ({ dir }) => writeFile(join(dir, "bundle.json"), "{"), "JSON"],
  ["parts of other sizes than the ids", shrinkPopularity, "popularity"],
  [
    "a graph without an output that replies need",
    (copy) => spellGraph(copy, ["scores", "scorez"]),
    "output scores: float32 [any, any] is wanted",
  ],
  ["weights that are no numbers", (copy) => fill(copy, "user-vectors"), "the score NaN"],
  ["counts that are no numbers", (copy) => fill(copy, "popularity"), "says NaN of item 0"],
  [
    "a graph that reads a file without a checksum",
    async (copy) => {
      await cp(join(copy.dir, "item-vectors.f32"), join(copy.dir, "item-vectorz.f32"));
      await spellGraph(copy, ["item-vectors.f32", "item-vectorz.f32"]);
    },
    "which is no part of the variant",
  ],
];

test.each(damages)(
  "%s: refused with the reason, the last good version serves on",
  async (_, damage, says) => {
    const version = String(next++);
    const dir = join(folder.path, version);
    await cp(join(folder.path, "models/playlists/1"), dir, { recursive: true });
    const manifest = { ...(await readManifest(dir)), version };
    await writeManifest(dir, manifest);
    await damage({ dir, manifest });
    const before = server.logged.length;
    await rename(dir, join(folder.path, "models/playlists", version));

    const failure = await vi.waitUntil(
      () => server.logged.slice(before).find((line) => line.includes('"error"')),
      10_000,
    );
    expect(failure).toContain(says);
    const { served } = await recommend(server.channel, { userId: "u1" });
    expect(served!.modelVersion).toBe("1");
  },
);

test("a good version is then served, and the bad ones do not come back", async () => {
  const version = String(next++);
  await buildSmallBundle(join(folder.path, "models/playlists", version), version);
  await vi.waitUntil(async () => {
    const { served } = await recommend(server.channel, { userId: "u1" });
    return served!.modelVersion === version;
  }, 10_000);
  // The version before is held beside it, for those who pin it.
  const pinned = await recommend(server.channel, { userId: "u1", modelVersion: "1" });
  expect(pinned.served!.modelVersion).toBe("1");
});

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
}

/** With the checksum that it has now: what is wrong shows only when the graph is opened. */
async function truncateGraph(copy: Damage): Promise<void> {
  const name = copy.manifest.variants.qint8!.graphs["main"]!;
  const file = join(copy.dir, copy.manifest.parts[name]!.file);
  await truncate(file, copy.manifest.parts[name]!.bytes - 100);
  await resign(copy, name, await readFile(file));
}

async function shrinkPopularity(copy: Damage): Promise<void> {
  const bytes = new Uint8Array(8);
  await writeFile(join(copy.dir, copy.manifest.parts["popularity"]!.file), bytes);
  await resign(copy, "popularity", bytes);
}

/** All bits set: NaN in every number. */
async function fill(copy: Damage, name: string): Promise<void> {
  const bytes = new Uint8Array(copy.manifest.parts[name]!.bytes).fill(0xff);
  await writeFile(join(copy.dir, copy.manifest.parts[name]!.file), bytes);
  await resign(copy, name, bytes);
}

/** Names of equal length, so that the graph stays well-formed. */
async function spellGraph(
  copy: Damage,
  [from, to]: readonly [from: string, to: string],
): Promise<void> {
  const name = copy.manifest.variants.qint8!.graphs["main"]!;
  const file = join(copy.dir, copy.manifest.parts[name]!.file);
  const text = await readFile(file, "latin1");
  const bytes = Buffer.from(text.replaceAll(from, to), "latin1");
  await writeFile(file, bytes);
  await resign(copy, name, bytes);
}

async function leaveBundle(copy: Damage): Promise<void> {
  const { parts } = copy.manifest;
  await edit(copy, { parts: { ...parts, items: { ...parts["items"]!, file: "../1/items.ids" } } });
}

/** Everything in the manifest that speaks of the part's bytes, so that only the content is wrong. */
async function resign(copy: Damage, name: string, bytes: Uint8Array): Promise<void> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { parts, variants } = copy.manifest;
  const lost = parts[name]!.bytes - bytes.length;
  const corrected = Object.entries(variants).map(([variant, { passport, ...rest }]) => {
    const reads = [...rest.parts, ...Object.values(rest.graphs)].includes(name);
    return [
      variant,
      { ...rest, passport: { ...passport, bytes: passport.bytes - (reads ? lost : 0) } },
    ];
  });
  await edit(copy, {
    parts: { ...parts, [name]: { ...parts[name]!, bytes: bytes.length, sha256 } },
    variants: Object.fromEntries(corrected),
  });
}

const edit = ({ dir, manifest }: Damage, change: object) =>
  writeManifest(dir, { ...manifest, ...change });

async function readManifest(dir: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(dir, "bundle.json"), "utf8")) as Manifest;
}

async function writeManifest(dir: string, manifest: object): Promise<void> {
  await writeFile(join(dir, "bundle.json"), JSON.stringify(manifest));
}
