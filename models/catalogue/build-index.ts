import { ServingError } from "../../proto/serving-error.ts";
import { catalogueOf } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CatalogueItem } from "./catalogue-item.ts";
import { createEntryWriter } from "./entry-writer.ts";
import type { EntryWriter } from "./entry-writer.ts";
import { hashId } from "./hash-id.ts";
import { indexOf } from "./id-index.ts";
import type { IdIndex } from "./id-index.ts";
import { idProblem, itemProblem } from "./id-rules.ts";
import type { IdType } from "./id-rules.ts";
import { allocateLayout, indexMask, slotCountFor } from "./layout.ts";
import type { IndexKind, Layout } from "./layout.ts";

export interface BuildOptions {
  /** Default "string". "int": ids must be decimal numbers as JSON writes them. */
  readonly idType?: IdType;
}

/** Indexes follow the order of the ids. Refuses empty, over-long, repeated and malformed ids, naming the first few. */
export function buildIdIndex(ids: Iterable<string>, options: BuildOptions = {}): IdIndex {
  const writer = createEntryWriter();
  const refusals = createRefusals();
  let position = 0;
  for (const id of ids) {
    const problem = idProblem(id, options.idType);
    if (problem === undefined) writer.addId(id);
    else refusals.add(position, problem);
    position += 1;
  }
  return indexOf(finish("ids", writer, refusals));
}

/** As `buildIdIndex`, with a title and an artist for each id. Reads the items once, in order. */
export function buildCatalogue(
  items: Iterable<CatalogueItem>,
  options: BuildOptions = {},
): Catalogue {
  const writer = createEntryWriter();
  const refusals = createRefusals();
  let position = 0;
  for (const item of items) {
    const problem = itemProblem(item, options.idType);
    if (problem === undefined) writer.addItem(item);
    else refusals.add(position, problem);
    position += 1;
  }
  return catalogueOf(finish("items", writer, refusals));
}

function finish(kind: IndexKind, writer: EntryWriter, refusals: Refusals): Layout {
  refusals.throwIfAny();
  const { count, entryBytes, hasArtists } = writer;
  const slotCount = slotCountFor(count);
  const layout = allocateLayout({ kind, hasArtists, count, slotCount, entryBytes });
  writer.copyTo(layout);
  fillSlots(layout, refusals);
  refusals.throwIfAny();
  return layout;
}

function fillSlots({ idAt, slots, entries }: Layout, refusals: Refusals): void {
  const lastSlot = slots.length / 2 - 1;
  const words = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  for (let index = 0; index < idAt.length; index++) {
    const at = idAt[index]!;
    const end = at + entries[at - 1]!;
    const hash = hashId(words, at, end);
    let slot = hash & lastSlot;
    while (slots[2 * slot + 1] !== 0 && !sameId(entries, at, slots[2 * slot + 1]!)) {
      slot = (slot + 1) & lastSlot;
    }
    if (slots[2 * slot + 1] === 0) {
      slots[2 * slot] = index | (hash & ~indexMask);
      slots[2 * slot + 1] = at;
    } else {
      const id = JSON.stringify(Buffer.from(entries.subarray(at, end)).toString());
      refusals.add(index, `the id ${id} is already that of ${slots[2 * slot]! & indexMask}`);
    }
  }
}

/** Length bytes included. */
function sameId(entries: Uint8Array, a: number, b: number): boolean {
  const length = entries[a - 1]!;
  for (let i = -1; i < length; i++) {
    if (entries[a + i] !== entries[b + i]) return false;
  }
  return true;
}

const maxNamed = 10;

type Refusals = ReturnType<typeof createRefusals>;

function createRefusals() {
  const named: string[] = [];
  let count = 0;
  return {
    add(position: number, problem: string) {
      count += 1;
      if (named.length < maxNamed) named.push(`  - ${position}: ${problem}`);
    },
    throwIfAny() {
      if (count === 0) return;
      const more = count > named.length ? `\n  - and ${count - named.length} more` : "";
      throw new ServingError(
        "INVALID_ARGUMENT",
        `${count} ids cannot be indexed:\n${named.join("\n")}${more}`,
      );
    },
  };
}
