/** How many bytes a tag or length takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) size++;
  return size;
}

/** The size of a length-delimited field whose tag is one byte, as all of ours are. */
export function fieldSize(length: number): number {
  return 1 + varintSize(length) + length;
}

/** Where a message is being written. What is written must fit: sizes are known before. */
export interface Sink {
  bytes: Buffer;
  position: number;
}

export function writeVarint(sink: Sink, value: number): void {
  const { bytes } = sink;
  let { position } = sink;
  let rest = value;
  while (rest >= 0x80) {
    bytes[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  sink.position = position;
}

export function writeVarintField(sink: Sink, tag: number, value: number): void {
  sink.bytes[sink.position++] = tag;
  writeVarint(sink, value);
}

/** The tag and length of a field whose value comes next. */
export function writeFieldStart(sink: Sink, tag: number, length: number): void {
  sink.bytes[sink.position++] = tag;
  writeVarint(sink, length);
}

export function writeBytes(sink: Sink, value: Uint8Array): void {
  sink.bytes.set(value, sink.position);
  sink.position += value.length;
}

/** Nothing when it is empty, as proto3 has it; `textFieldSize` says how many bytes it takes. */
export function writeTextField(sink: Sink, tag: number, text: string): void {
  if (text === "") return;
  writeFieldStart(sink, tag, Buffer.byteLength(text));
  sink.position += sink.bytes.write(text, sink.position);
}

export function textFieldSize(text: string): number {
  return text === "" ? 0 : fieldSize(Buffer.byteLength(text));
}
