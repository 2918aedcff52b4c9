import type { IdIndex } from "./id-index.ts";

/** Of an id that is a string already; -1: it is not there. */
export function indexOfId(ids: IdIndex, id: string): number {
  const bytes = Buffer.from(id);
  return ids.find(bytes, 0, bytes.length);
}
