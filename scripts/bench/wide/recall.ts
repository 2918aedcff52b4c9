import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unhurried, type GraphRunner } from "../../../models/exporting/graph-runner.ts";
import { createPartsFolder, type PartsFolder } from "../../../models/exporting/parts-folder.ts";
import { quantizeRows } from "../../../models/exporting/quantize-rows.ts";
import { gaussians } from "../../../models/gaussians.ts";
import { buildGraph, type GraphBuilder } from "../../../models/onnx/build-graph.ts";
import { encodeModel } from "../../../models/onnx/encode-model.ts";
import { cast } from "../../../models/onnx/operators.ts";
import { openRunner } from "../../../models/onnx/ort-runner.fixture.ts";
import { Random } from "../../../models/random.ts";
import { compactCatalogue } from "../../../models/ranking/graph/compact-catalogue.ts";
import {
  exactCatalogue,
  type RankCatalogue,
} from "../../../models/ranking/graph/rank-catalogue.ts";
import type { WideShape } from "./write-bundle.ts";

/** Against float32, of the best 10. */
export interface Recall {
  readonly items: number;
  readonly playlists: number;
  /** The share of float32's that is found, in any order. */
  readonly overlap10: number;
  readonly top1: number;
}

const [playlists, k] = [1_000, 10];

/** How well the compact form finds what float32 finds, on vectors of the kind that trainings leave. */
export async function measureRecall(shape: WideShape): Promise<Recall> {
  const { items, dims } = shape;
  const random = new Random(3);
  const table = likeTrained(shape, random);
  const vectors = ofPlaylists(table, shape, random);
  const dir = await mkdtemp(join(tmpdir(), "crossfade-recall-"));
  try {
    const folder = createPartsFolder(dir, "1");
    const exact = await top(await openExact(folder, table, shape), vectors, dims);
    const compact = await top(await openCompact(folder, table, shape), vectors, dims);
    let found = 0;
    let first = 0;
    for (let row = 0; row < playlists; row++) {
      const wanted = new Set(exact.subarray(k * row, k * (row + 1)));
      for (let i = 0; i < k; i++) if (wanted.has(compact[k * row + i]!)) found++;
      if (exact[k * row] === compact[k * row]) first++;
    }
    return { items, playlists, overlap10: found / (k * playlists), top1: first / playlists };
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Few directions carry most of it, and popular items are longer. */
function likeTrained({ items, dims }: WideShape, random: Random): Float32Array {
  const table = gaussians(items * dims, random);
  for (let item = 0; item < items; item++) {
    const norm = 0.5 + 2 * random.share() ** 6;
    for (let dim = 0; dim < dims; dim++) table[item * dims + dim]! *= norm / Math.sqrt(1 + dim / 8);
  }
  return table;
}

/** The means of a few items each, as the head gets them. */
function ofPlaylists(table: Float32Array, { items, dims }: WideShape, random: Random) {
  const vectors = new Float32Array(playlists * dims);
  const tracks = 5;
  for (let row = 0; row < playlists; row++) {
    for (let track = 0; track < tracks; track++) {
      const item = random.below(items);
      for (let dim = 0; dim < dims; dim++)
        vectors[row * dims + dim]! += table[item * dims + dim]! / tracks;
    }
  }
  return vectors;
}

interface Form {
  readonly name: string;
  readonly shape: WideShape;
  readonly declare: (graph: GraphBuilder) => RankCatalogue;
}

async function openExact(folder: PartsFolder, table: Float32Array, shape: WideShape) {
  const { items, dims } = shape;
  const { file } = await folder.add("rows", "f32", table);
  const info = { name: "items", type: "float32", dims: [items, dims] } as const;
  const declare = (graph: GraphBuilder) => exactCatalogue(graph.external(info, { file }), shape);
  return open(folder, { name: "exact", shape, declare });
}

async function openCompact(folder: PartsFolder, table: Float32Array, shape: WideShape) {
  const { codes, scales } = quantizeRows(table, shape.dims);
  const int8 = await folder.add("codes", "i8", codes);
  const ofRows = await folder.add("scales", "f32", scales);
  const files = { int8: int8.file, scales: ofRows.file };
  const declare = (graph: GraphBuilder) => compactCatalogue(graph, shape, { files });
  return open(folder, { name: "compact", shape, declare });
}

async function open(folder: PartsFolder, { name, shape, declare }: Form): Promise<GraphRunner> {
  const graph = buildGraph(name, (builder) => {
    const vectors = builder.input("vectors", "float32", ["batch", shape.dims]);
    const wanted = cast(builder, builder.input("k", "int32", [1]), "int64");
    const rank = declare(builder);
    const { ids } = rank(builder, { shape, vectors, k: wanted, vectorsOf: noLookUp });
    builder.output(ids, "int32", ["batch", "results"]);
  });
  return openRunner((await folder.add(name, "onnx", encodeModel(graph))).path);
}

function noLookUp(): never {
  throw new Error("neither of these forms looks items up");
}

/** In batches that take little memory. */
async function top(runner: GraphRunner, vectors: Float32Array, dims: number): Promise<Int32Array> {
  const ids = new Int32Array(playlists * k);
  const rows = 20;
  for (let row = 0; row < playlists; row += rows) {
    const data = vectors.slice(row * dims, (row + rows) * dims);
    const outputs = await runner.run(
      {
        vectors: { type: "float32", dims: [rows, dims], data },
        k: { type: "int32", dims: [1], data: Int32Array.of(k) },
      },
      unhurried,
    );
    ids.set(Object.values(outputs)[0]!.data as Int32Array, row * k);
  }
  await runner.close();
  return ids;
}
