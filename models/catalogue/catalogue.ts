import { indexOf } from "./id-index.ts";
import type { IdIndex } from "./id-index.ts";
import { recordEnd, recordStart, tag, textEnd, textStart } from "./item-record.ts";
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
  /** Empty where it has none. */
  artistOf(item: number): string;
  /** Of the title in `bytes`: equal where there is none. */
  titleStart(item: number): number;
  titleEnd(item: number): number;
  /** Of the artist in `bytes`: equal where there is none. */
  artistStart(item: number): number;
  artistEnd(item: number): number;
}

/** @param buffer Of a catalogue that was built or loaded before. */
export function openCatalogue(buffer: SharedArrayBuffer): Catalogue {
  const layout = readLayout(buffer);
  if (layout.kind !== "items") throw damaged("the catalogue", `it holds ${layout.kind}, not items`);
  return catalogueOf(layout);
}

export function catalogueOf(layout: Layout): Catalogue {
  const { buffer, idAt, entries, hasArtists } = layout;
  const text = Buffer.from(buffer, entries.byteOffset, entries.length);
  const start = (item: number) => recordStart(entries, idAt[item]!);
  const end = (item: number) => recordEnd(entries, start(item));
  const idEnd = (item: number) => idAt[item]! + entries[idAt[item]! - 1]!;
  // Behind the last record's end there is nothing, and behind another's the next record's tag: neither tag is there.
  const hasTitle = (item: number) => entries[idEnd(item)] === tag.title;
  const titleStart = (item: number) =>
    hasTitle(item) ? textStart(entries, idEnd(item)) : idEnd(item);
  const titleEnd = (item: number) => (hasTitle(item) ? textEnd(entries, idEnd(item)) : idEnd(item));
  const hasArtist = (item: number) => hasArtists && entries[titleEnd(item)] === tag.artist;
  const artistStart = (item: number) =>
    hasArtist(item) ? textStart(entries, titleEnd(item)) : titleEnd(item);
  return {
    ...indexOf(layout),
    bytes: entries,
    start,
    end,
    titleOf: (item) => text.toString("utf8", titleStart(item), titleEnd(item)),
    artistOf: (item) => text.toString("utf8", artistStart(item), end(item)),
    titleStart,
    titleEnd,
    artistStart,
    artistEnd: end,
  };
}
