/** What RFC 7541 counts for an entry besides its name and value. */
const entryOverhead = 32;

export function fieldBytes(name: string, value: string): number {
  return name.length + value.length + entryOverhead;
}

/** The fields that were sent last, newest first, as many as fit. A ring: nothing moves when a field comes or goes. */
export class DynamicTable {
  readonly #names: string[];
  readonly #values: string[];
  #newest = 0;
  #count = 0;
  #bytes = 0;
  #capacity: number;
  /** Another number whenever an index may mean something else. */
  generation = 0;

  /** @param mostBytes What the capacity will never exceed. */
  constructor(mostBytes: number) {
    const places = Math.max(1, Math.floor(mostBytes / entryOverhead));
    this.#names = Array<string>(places).fill("");
    this.#values = Array<string>(places).fill("");
    this.#capacity = mostBytes;
  }

  get count(): number {
    return this.#count;
  }

  resize(capacity: number): void {
    this.#capacity = capacity;
    this.#evictTo(capacity);
  }

  /** A field that does not fit into the whole table empties it, as the RFC has it. */
  add(name: string, value: string): void {
    const bytes = fieldBytes(name, value);
    this.generation++;
    this.#evictTo(this.#capacity - bytes);
    if (bytes > this.#capacity) return;
    this.#newest = (this.#newest + 1) % this.#names.length;
    this.#names[this.#newest] = name;
    this.#values[this.#newest] = value;
    this.#count++;
    this.#bytes += bytes;
  }

  /** @param place From 0, the newest, to below `count`. */
  name(place: number): string {
    return this.#names[this.#slot(place)]!;
  }

  value(place: number): string {
    return this.#values[this.#slot(place)]!;
  }

  #evictTo(bytes: number): void {
    while (this.#count > 0 && this.#bytes > bytes) {
      const slot = this.#slot(this.#count - 1);
      this.#bytes -= fieldBytes(this.#names[slot]!, this.#values[slot]!);
      this.#names[slot] = this.#values[slot] = "";
      this.#count--;
      this.generation++;
    }
  }

  #slot(place: number): number {
    return (this.#newest - place + this.#names.length) % this.#names.length;
  }
}
