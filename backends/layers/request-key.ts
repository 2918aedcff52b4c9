import type { Query } from "../backend.ts";

/** V8 hashes longer strings by their length alone: a caller could make a table of them as slow as a list. */
const longestKey = 16_383;

/** The same for queries that have the same answer; undefined for those that are too long. */
export function requestKey({ model, version, bytes }: Query): string | undefined {
  if (model.length + version.length + bytes.length + 2 > longestKey) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return `${model}\0${version}\0${text}`;
}
