import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../../backends/engines/open-engine.ts";
import { createEncoderFiles } from "../../../models/cold-start/encoder/encoder-files.ts";
import { createEncoderText } from "../../../models/cold-start/encoder/encoder-text.ts";
import { encodeTracks } from "../../../models/cold-start/encoder/encode-tracks.ts";
import { openEncoder } from "../../../models/cold-start/encoder/open-encoder.ts";
import type { Encoder, EncoderSource } from "../../../models/cold-start/encoder/open-encoder.ts";
import { vectorsGraph } from "../../../models/cold-start/encoder/vectors-graph.ts";
import type { GraphRunner } from "../../../models/exporting/graph-runner.ts";
import { createPartsFolder } from "../../../models/exporting/parts-folder.ts";
import { createTrackName } from "../../../models/names/track-name.ts";
import type { TrackTable } from "./read-tracks.ts";

const tracksAtOnce = 64;

/** Writes `embeddings.f32`: what the encoder says of each track, as the server has it say. @returns What tells of the vectors. */
export async function writeEncoderFeatures(
  folder: string,
  table: TrackTable,
  source: EncoderSource,
) {
  const encoder = await openEncoder(source);
  const place = mkdtempSync(join(tmpdir(), "crossfade-encoder-"));
  const file = openSync(join(folder, "embeddings.f32"), "w");
  try {
    const runner = await openVectors(place, encoder);
    const embed = createEmbedding(encoder, runner);
    for (let first = 0; first < table.count; first += tracksAtOnce) {
      const vectors = await embed(table, first, Math.min(first + tracksAtOnce, table.count));
      writeSync(file, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
    }
    await runner.close();
  } finally {
    closeSync(file);
    rmSync(place, { recursive: true });
  }
  const { pooling, maxTokens } = source;
  return { kind: "encoder", dims: encoder.ends.output.dims, pooling, maxTokens };
}

async function openVectors(place: string, encoder: Encoder): Promise<GraphRunner> {
  const parts = createPartsFolder(place, "1");
  const files = createEncoderFiles(encoder);
  await files.write(parts);
  const { path } = await parts.add("vectors", "onnx", files.embed(vectorsGraph(encoder)));
  return openEngine({ provider: "cpu", graph: path, lowPriorityLoad: false });
}

/** @returns The vectors of the tracks of a table from one up to another. */
function createEmbedding(encoder: Encoder, runner: GraphRunner) {
  const { tokenizer, maxTokens, ends } = encoder;
  const text = createEncoderText({ tokenizer, maxTokens, dims: ends.output.dims });
  const track = createTrackName();
  return async (table: TrackTable, first: number, end: number): Promise<Float32Array> => {
    const tokens: Int32Array[] = [];
    for (let i = first; i < end; i++) {
      track.read(table.bytes, table.offsets, 4 * i);
      const [list] = text.read(track);
      tokens.push(list!.indexes.slice(0, list!.count));
    }
    const longest = Math.max(...tokens.map(({ length }) => length));
    const length = text.lengths.find((length) => length >= longest) ?? maxTokens;
    return encodeTracks(runner, tokens, length);
  };
}
