import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NewPart } from "../bundle/write-bundle.ts";

type Bytes = Uint8Array | Int8Array | Uint16Array | Float32Array;

/** What a file holds: as a whole, or in pieces that are made when they are written. */
export type Content = Bytes | Iterable<Bytes>;

/** The files of an export, in a folder where graphs find their weights; they become the parts of a bundle. */
export interface PartsFolder {
  /** @param content Several are written one after the other. */
  add(name: string, extension: string, ...content: readonly Content[]): Promise<PartFile>;
  /** The parts by name; their files are read when the bundle is written. */
  pick(names: readonly string[]): Readonly<Record<string, NewPart>>;
  /** The names of the parts whose files these are. Throws for a file that nobody wrote. */
  namesOf(files: readonly string[]): readonly string[];
}

export interface PartFile {
  readonly name: string;
  /** Relative to the folder. */
  readonly file: string;
  readonly path: string;
}

export function createPartsFolder(dir: string, version: string): PartsFolder {
  const parts = new Map<string, NewPart>();
  const names = new Map<string, string>();
  return {
    async add(name, extension, ...content) {
      const file = `${name}.${extension}`;
      const path = join(dir, file);
      await writeFile(path, bytesIn(content));
      parts.set(name, { file, version, content: readLater(path) });
      names.set(file, name);
      return { name, file, path };
    },
    pick: (wanted) => Object.fromEntries(wanted.map((name) => [name, parts.get(name)!])),
    namesOf: (files) =>
      files.map((file) => {
        const name = names.get(file);
        if (name === undefined) throw new Error(`a graph reads ${file}, which nobody has written`);
        return name;
      }),
  };
}

function* bytesIn(content: readonly Content[]): Generator<Uint8Array> {
  for (const one of content) {
    if (ArrayBuffer.isView(one)) yield bytesOf(one);
    else for (const piece of one) yield bytesOf(piece);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Bytes): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Opens the file when it is read, so that parts which nobody reads hold no file open. */
function readLater(path: string): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => createReadStream(path)[Symbol.asyncIterator]() };
}
