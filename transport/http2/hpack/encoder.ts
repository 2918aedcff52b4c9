import { fieldBytes } from "./dynamic-table.ts";
import { staticCount, staticNames, staticValues } from "./static-table.ts";

export interface Field {
  readonly name: string;
  /** One character for each byte. */
  readonly value: string;
  /** Never put into a table, here or on the way. */
  readonly isSecret?: boolean;
}

/** Where bytes are appended. Whoever writes has made room before. */
export interface Sink {
  readonly bytes: Buffer;
  length: number;
}

/** The default of HTTP/2; more would be memory that the peer holds for us. */
const mostTableBytes = 4_096;
/** A tag, an index and two lengths, as long as they get. */
const mostFieldOverhead = 16;

/** Up to here a loop is faster than the call that copies. */
const mostCopied = 16;

const wholeLength = { tag: 0x00, mask: 0x7f };
const incremental = { tag: 0x40, mask: 0x3f };
const unindexed = { tag: 0x00, mask: 0x0f };
const neverIndexed = { tag: 0x10, mask: 0x0f };

const keyOf = (name: string, value: string) => `${name}\n${value}`;

const staticByField = new Map<string, number>();
const staticByName = new Map<string, number>();
for (let index = staticCount; index > 0; index--) {
  staticByField.set(keyOf(staticNames[index]!, staticValues[index]!), index);
  staticByName.set(staticNames[index]!, index);
}

/**
 * Puts each field that lasts into the peer's table once, and says its index from then on. Nothing is ever evicted: once
 * the table is full, what is new is written out. So a block stays good until something is added, and can be remembered.
 */
export class HpackEncoder {
  /** By field and by name, the how-manyth that was added. */
  readonly #added = new Map<string, number>();
  #count = 0;
  #usedBytes = 0;
  #tableBytes = mostTableBytes;
  #mustResize = false;
  /** As long as it stays the same, what `encode` returned may be sent again. */
  generation = 0;

  /** The peer changed its SETTINGS_HEADER_TABLE_SIZE. */
  resize(tableBytes: number): void {
    const wanted = Math.min(tableBytes, mostTableBytes);
    if (wanted === this.#tableBytes) return;
    this.#tableBytes = wanted;
    this.#added.clear();
    this.#count = this.#usedBytes = 0;
    this.#mustResize = true;
    this.generation++;
  }

  /** To be called before each block: what the peer has to know first. At most 8 bytes. */
  writeResize(sink: Sink): void {
    if (!this.#mustResize) return;
    this.#mustResize = false;
    writeInteger(sink, { tag: 0x20, mask: 0x1f }, 0);
    writeInteger(sink, { tag: 0x20, mask: 0x1f }, this.#tableBytes);
  }

  encode(fields: readonly Field[]): Buffer {
    let most = 0;
    for (const field of fields) most += mostFieldBytes(field);
    const sink: Sink = { bytes: Buffer.allocUnsafeSlow(most), length: 0 };
    for (const field of fields) this.write(sink, field, true);
    return sink.bytes.subarray(0, sink.length);
  }

  /**
   * At most `mostFieldBytes(field)`.
   * @param isLasting Other blocks will hold the same field.
   */
  write(sink: Sink, { name, value, isSecret = false }: Field, isLasting: boolean): void {
    const key = keyOf(name, value);
    const index = staticByField.get(key) ?? this.#indexOf(key);
    if (index !== undefined && !isSecret)
      return writeInteger(sink, { tag: 0x80, mask: 0x7f }, index);
    const adds = isLasting && !isSecret && this.#fits(name, value);
    const form = isSecret ? neverIndexed : adds ? incremental : unindexed;
    this.#writeLiteral(sink, form, { name, value });
    if (adds) this.#add(name, value);
  }

  /** For a name that comes with another value each time. */
  writeVarying(sink: Sink, name: string, value: string): void {
    const index = this.#indexOf(name);
    if (index === undefined) return this.write(sink, { name, value }, true);
    writeInteger(sink, unindexed, index);
    writeString(sink, value);
  }

  #writeLiteral(sink: Sink, form: IntegerForm, { name, value }: Field): void {
    const index = staticByName.get(name) ?? this.#indexOf(name) ?? 0;
    writeInteger(sink, form, index);
    if (index === 0) writeString(sink, name);
    writeString(sink, value);
  }

  #fits(name: string, value: string): boolean {
    return this.#usedBytes + fieldBytes(name, value) <= this.#tableBytes;
  }

  #add(name: string, value: string): void {
    this.#added.set(keyOf(name, value), this.#count).set(name, this.#count);
    this.#count++;
    this.#usedBytes += fieldBytes(name, value);
    this.generation++;
  }

  #indexOf(key: string): number | undefined {
    const place = this.#added.get(key);
    return place === undefined ? undefined : staticCount + this.#count - place;
  }
}

export function mostFieldBytes({ name, value }: Field): number {
  return name.length + value.length + mostFieldOverhead;
}

interface IntegerForm {
  readonly tag: number;
  /** The bits of the first byte that the integer has. */
  readonly mask: number;
}

function writeInteger(sink: Sink, { tag, mask }: IntegerForm, value: number): void {
  if (value < mask) {
    sink.bytes[sink.length++] = tag | value;
    return;
  }
  sink.bytes[sink.length++] = tag | mask;
  let rest = value - mask;
  for (; rest >= 128; rest = rest >>> 7) sink.bytes[sink.length++] = (rest & 127) | 128;
  sink.bytes[sink.length++] = rest;
}

/** As it is: Huffman coding would save bytes of what is sent once, at a cost for what is sent each time. */
function writeString(sink: Sink, text: string): void {
  writeInteger(sink, wholeLength, text.length);
  if (text.length > mostCopied) sink.length += sink.bytes.write(text, sink.length, "latin1");
  else for (let i = 0; i < text.length; i++) sink.bytes[sink.length++] = text.charCodeAt(i);
}
