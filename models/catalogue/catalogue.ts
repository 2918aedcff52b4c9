import { indexOf } from "./id-index.ts";
import type { IdIndex } from "./id-index.ts";
import { recordEnd, recordStart, titleStart } from "./item-record.ts";
import { damaged, readLayout } from "./layout.ts";
import type { Layout } from "./layout.ts";

/**
 * The items that a model recommends. Each is kept as the `items` record of a reply, already encoded
 * (`encodeItemRecord`): a reply copies bytes [start, end) and patches the score.
 */
export interface Catalogue extends IdIndex {
  readonly bytes: Uint8Array;
  start(item: number): number;
  end(item: number): number;
  titleOf(item: number): string;
}

/** @param buffer Of a catalogue that was built or loaded before. */
export function openCatalogue(buffer: SharedArrayBuffer): Catalogue {
  const layout = readLayout(buffer);
  if (layout.kind !== "items") throw damaged("the catalogue", `it holds ${layout.kind}, not items`);
  return catalogueOf(layout);
}

export function catalogueOf(layout: Layout): Catalogue {
  const { buffer, idAt, entries } = layout;
  const text = Buffer.from(buffer, entries.byteOffset, entries.length);
  const start = (item: number) => recordStart(entries, idAt[item]!);
  const end = (item: number) => recordEnd(entries, start(item));
  return {
    ...indexOf(layout),
    bytes: entries,
    start,
    end,
    titleOf(item) {
      const at = idAt[item]!;
      const idEnd = at + entries[at - 1]!;
      const titleEnd = end(item);
      return idEnd === titleEnd ? "" : text.toString("utf8", titleStart(entries, idEnd), titleEnd);
    },
  };
}
