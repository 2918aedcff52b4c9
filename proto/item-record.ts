import {
  fieldSize,
  textFieldSize,
  writeFieldStart,
  writeTextField,
  type Sink,
} from "./wire-writer.ts";

const itemsTag = 0x0a;
const scoreTag = 0x0d;
const idTag = 0x12;
const titleTag = 0x1a;
const artistTag = 0x22;
const scoreFieldSize = 5;

/**
 * One element of `RecommendResponse.items`, encoded once: the field's tag and length, then the Item with its score,
 * 0 and to be patched, its id, its title and its artist. Replies are made of copies of such records.
 */
export function encodeItemRecord(id: string, title: string, artist = ""): Uint8Array {
  const size = scoreFieldSize + textFieldSize(id) + textFieldSize(title) + textFieldSize(artist);
  const sink: Sink = { bytes: Buffer.alloc(fieldSize(size)), position: 0 };
  writeFieldStart(sink, itemsTag, size);
  sink.bytes[sink.position] = scoreTag;
  sink.position += scoreFieldSize;
  writeTextField(sink, idTag, id);
  writeTextField(sink, titleTag, title);
  writeTextField(sink, artistTag, artist);
  return sink.bytes;
}

/** Where the four bytes of the score are in the record that starts at `start`. */
export function scoreOffset(records: Uint8Array, start: number): number {
  let at = start + 1;
  while (records[at]! >= 0x80) at++;
  return at + 2;
}

/** Where the field of the id is, its tag first, in the record that starts at `start`. */
export function idFieldOffset(records: Uint8Array, start: number): number {
  return scoreOffset(records, start) + 4;
}
