import { open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { catalogueOf } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { checkLayout } from "./check-layout.ts";
import { indexOf } from "./id-index.ts";
import type { IdIndex } from "./id-index.ts";
import { damaged, readLayout } from "./layout.ts";
import type { IndexKind, Layout } from "./layout.ts";

export async function loadIdIndex(file: string): Promise<IdIndex> {
  return indexOf(await loadLayout(file, "ids"));
}

export async function loadCatalogue(file: string): Promise<Catalogue> {
  return catalogueOf(await loadLayout(file, "items"));
}

/** Reads and checks in small pieces: the thread serves requests meanwhile. */
async function loadLayout(file: string, kind: IndexKind): Promise<Layout> {
  const layout = readLayout(await readShared(file), file);
  if (layout.kind !== kind) throw damaged(file, `it holds ${layout.kind}, not ${kind}`);
  const check = checkLayout(layout);
  for (;;) {
    const { done, value } = check.next();
    if (done === true && value === undefined) return layout;
    if (done === true) throw damaged(file, value!);
    await setImmediate();
  }
}

const chunkBytes = 1 << 20;

async function readShared(file: string): Promise<SharedArrayBuffer> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const buffer = new SharedArrayBuffer(size);
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(chunkBytes, size - at), at);
    if (bytesRead === 0) throw damaged(file, `it ended after ${at} of ${size} bytes`);
    at += bytesRead;
  }
  return buffer;
}
