import { Served, type TrackCounts } from "./gen/crossfade/v1/recommender.ts";
import {
  fieldSize,
  textFieldSize,
  varintSize,
  writeBytes,
  writeFieldStart,
  writeTextField,
  writeVarintField,
  type Sink,
} from "./wire-writer.ts";

/** What `RecommendResponse.served` says about one reply, besides who answered. */
export interface ServedRow {
  readonly coldStart: boolean;
  /** Why the answer is less than the model's best; empty when it is not. */
  readonly degraded: string;
  readonly unknownCount: number;
  /** Start and end of each unknown id in `request`: valid UTF-8. The first 20 are written. */
  readonly unknownIds: Int32Array;
  readonly request: Uint8Array;
  /** Absent: the request had no tracks. */
  readonly tracks?: TrackCounts | undefined;
}

const servedTag = 0x12;
const coldStartTag = 0x20;
const degradedTag = 0x2a;
const unknownCountTag = 0x30;
const unknownIdsTag = 0x3a;
const tracksTag = 0x42;
const knownTag = 0x08;
const matchedTag = 0x10;
const newTag = 0x18;
const maxUnknownIds = 20;

/** The part of `served` that is the same in every reply of a model; encode it once. */
export function encodeServedBy(by: {
  model: string;
  version: string;
  backend: string;
}): Uint8Array {
  return Served.encode(
    Served.fromPartial({ model: by.model, modelVersion: by.version, backend: by.backend }),
  ).finish();
}

/** The size of the field, with its tag and length. */
export function servedFieldSize(by: Uint8Array, row: ServedRow): number {
  return fieldSize(by.length + rowSize(row));
}

export function writeServedField(sink: Sink, by: Uint8Array, row: ServedRow): void {
  writeFieldStart(sink, servedTag, by.length + rowSize(row));
  writeBytes(sink, by);
  if (row.coldStart) writeVarintField(sink, coldStartTag, 1);
  writeTextField(sink, degradedTag, row.degraded);
  if (row.unknownCount !== 0) {
    writeVarintField(sink, unknownCountTag, row.unknownCount);
    writeUnknownIds(sink, row);
  }
  if (row.tracks !== undefined) writeTracks(sink, row.tracks);
}

function rowSize(row: ServedRow): number {
  const coldStartSize = row.coldStart ? 2 : 0;
  const unknownSize =
    row.unknownCount === 0 ? 0 : 1 + varintSize(row.unknownCount) + unknownIdsSize(row.unknownIds);
  const tracksSize = row.tracks === undefined ? 0 : fieldSize(countsSize(row.tracks));
  return coldStartSize + textFieldSize(row.degraded) + unknownSize + tracksSize;
}

function writeTracks(sink: Sink, counts: TrackCounts): void {
  writeFieldStart(sink, tracksTag, countsSize(counts));
  writeCount(sink, knownTag, counts.known);
  writeCount(sink, matchedTag, counts.matched);
  writeCount(sink, newTag, counts.new);
}

function countsSize(counts: TrackCounts): number {
  return countSize(counts.known) + countSize(counts.matched) + countSize(counts.new);
}

/** Nothing when it is 0, as proto3 has it. */
function writeCount(sink: Sink, tag: number, count: number): void {
  if (count !== 0) writeVarintField(sink, tag, count);
}

function countSize(count: number): number {
  return count === 0 ? 0 : 1 + varintSize(count);
}

function unknownIdsSize(unknownIds: Int32Array): number {
  let size = 0;
  for (let at = 0; at < writtenOffsets(unknownIds); at += 2)
    size += fieldSize(unknownIds[at + 1]! - unknownIds[at]!);
  return size;
}

function writeUnknownIds(sink: Sink, { request, unknownIds }: ServedRow): void {
  for (let at = 0; at < writtenOffsets(unknownIds); at += 2) {
    const start = unknownIds[at]!;
    const end = unknownIds[at + 1]!;
    writeFieldStart(sink, unknownIdsTag, end - start);
    writeBytes(sink, request.subarray(start, end));
  }
}

function writtenOffsets(unknownIds: Int32Array): number {
  return Math.min(unknownIds.length, 2 * maxUnknownIds);
}
