import { ConnectionError } from "../connection-error.ts";
import { DynamicTable, fieldBytes } from "./dynamic-table.ts";
import { decodeHuffman } from "./huffman.ts";
import { staticCount, staticNames, staticValues } from "./static-table.ts";

/** Names and values in turn, one character for each byte. */
export interface HeaderList {
  readonly fields: readonly string[];
  /** As RFC 9113 counts them. Above the limit, the fields that went over it are left out. */
  readonly bytes: number;
}

export interface DecoderLimits {
  /** What the peer was told of its table. */
  readonly tableBytes: number;
  readonly listBytes: number;
}

/** Far above anything that fits in a block, far below where 32 bits end. */
const largestInteger = 2 ** 24;

/** One direction of one connection: every header block has to pass through it, in order, wanted or not. */
export class HpackDecoder {
  readonly #limits: DecoderLimits;
  readonly #table: DynamicTable;
  #bytes: Buffer = Buffer.alloc(0);
  #position = 0;
  #end = 0;

  constructor(limits: DecoderLimits) {
    this.#limits = limits;
    this.#table = new DynamicTable(limits.tableBytes);
  }

  /** As long as it stays the same, equal blocks mean the same. */
  get generation(): number {
    return this.#table.generation;
  }

  /** Throws a ConnectionError, after which the connection is of no use. */
  decode(bytes: Buffer, start: number, end: number): HeaderList {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
    while (this.#position < end && (bytes[this.#position]! & 0xe0) === 0x20) this.#resizeTable();
    const fields: string[] = [];
    let listBytes = 0;
    while (this.#position < end) {
      const [name, value] = this.#readField();
      listBytes += fieldBytes(name, value);
      if (listBytes <= this.#limits.listBytes) fields.push(name, value);
    }
    return { fields, bytes: listBytes };
  }

  #resizeTable(): void {
    const capacity = this.#readInteger(0x1f);
    const { tableBytes } = this.#limits;
    if (capacity > tableBytes)
      throw broken(`a table of ${capacity} bytes, where ${tableBytes} were allowed`);
    this.#table.resize(capacity);
  }

  #readField(): readonly [string, string] {
    const first = this.#bytes[this.#position]!;
    if (first & 0x80) return this.#readIndexed();
    if (first & 0x40) {
      const field = this.#readLiteral(0x3f);
      this.#table.add(...field);
      return field;
    }
    if (first & 0x20) throw broken("a change of the table's size behind a field");
    return this.#readLiteral(0x0f);
  }

  #readIndexed(): readonly [string, string] {
    const index = this.#readInteger(0x7f);
    return [this.#nameAt(index), this.#valueAt(index)];
  }

  #readLiteral(mask: number): readonly [string, string] {
    const index = this.#readInteger(mask);
    const name = index === 0 ? this.#readString() : this.#nameAt(index);
    return [name, this.#readString()];
  }

  #nameAt(index: number): string {
    if (index === 0 || index > staticCount + this.#table.count)
      throw broken(`field ${index}, which there is not`);
    return index <= staticCount ? staticNames[index]! : this.#table.name(index - staticCount - 1);
  }

  #valueAt(index: number): string {
    return index <= staticCount ? staticValues[index]! : this.#table.value(index - staticCount - 1);
  }

  #readInteger(mask: number): number {
    let value = this.#next() & mask;
    if (value < mask) return value;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#next();
      value += (byte & 0x7f) * scale;
      if (value > largestInteger || scale > largestInteger)
        throw broken("an integer that is too large");
      if (byte < 0x80) return value;
    }
  }

  #readString(): string {
    if (this.#position >= this.#end) throw endsEarly();
    const isHuffman = this.#bytes[this.#position]! >= 0x80;
    const length = this.#readInteger(0x7f);
    const start = this.#position;
    const end = start + length;
    if (end > this.#end) throw endsEarly();
    this.#position = end;
    if (!isHuffman) return this.#bytes.toString("latin1", start, end);
    const text = decodeHuffman(this.#bytes, start, end);
    if (text === undefined) throw broken("bytes that are no Huffman code");
    return text;
  }

  #next(): number {
    if (this.#position >= this.#end) throw endsEarly();
    return this.#bytes[this.#position++]!;
  }
}

function broken(what: string): ConnectionError {
  return new ConnectionError("COMPRESSION_ERROR", `the peer's headers hold ${what}`);
}

function endsEarly(): ConnectionError {
  return new ConnectionError(
    "COMPRESSION_ERROR",
    "the peer's headers end in the middle of a field",
  );
}
