import { mkdir } from "node:fs/promises";
import { allocateTensors } from "../../allocate-tensors.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import { unhurried } from "../../exporting/graph-runner.ts";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import { readNames, type NamedTrack } from "../../names/read-names.ts";
import { createTrackName } from "../../names/track-name.ts";
import { buildGraph } from "../../onnx/build-graph.ts";
import { externalLocations } from "../../onnx/external-locations.ts";
import type { Graph } from "../../onnx/graph.ts";
import { rename } from "../../onnx/operators.ts";
import type { Tensors } from "../../tensors.ts";
import { declareLayers } from "../graph/layers.ts";
import type { DeclareTower } from "../graph/tower.ts";
import type { ColdStartShape } from "../shape.ts";
import { createTexts, type TextLists } from "../texts.ts";
import type { TextTower } from "../tower.ts";
import type { ColdStartWeights } from "../weights.ts";
import type { OpenText } from "./source.ts";
import { createColdStartFiles } from "./weight-files.ts";

export interface NameVectorOptions extends Pick<ExportOptions, "open" | "watch" | "signal"> {
  /** For files that are of no use afterwards; need not be there. */
  readonly dir: string;
  readonly text: OpenText;
  readonly weights: ColdStartWeights;
}

const batchSize = 256;

/** Writes what the projector makes of each name into rows of a table: of items that nobody was trained on. */
export async function writeNameVectors(
  names: readonly NamedTrack[],
  into: Float32Array,
  options: NameVectorOptions,
): Promise<void> {
  const { dir, weights, watch, signal } = options;
  await mkdir(dir, { recursive: true });
  const folder = createPartsFolder(dir, "0");
  const text = await options.text(folder, options.open);
  const bytes = text.encode((tower) => nameVectorsGraph(weights, tower), "float32");
  await createColdStartFiles(folder, weights).write(externalLocations(bytes));
  const runner = await options.open((await folder.add("name-vectors", "onnx", bytes)).path);
  const progress = watch?.(`Reading ${names.length} names`);
  try {
    const read = createNameReading(text.tower);
    for (let at = 0; at < names.length; at += batchSize) {
      signal?.throwIfAborted();
      const feeds = read(names.slice(at, at + batchSize));
      const { vectors } = await runner.run(feeds, unhurried);
      into.set(vectors!.data as Float32Array, at * weights.dims);
      progress?.at((at + batchSize) / names.length);
    }
    progress?.done();
  } finally {
    await runner.close();
  }
}

/** The tower's inputs, one track a row; output `vectors` [B, dims]. */
function nameVectorsGraph(shape: ColdStartShape, tower: DeclareTower): Graph {
  return buildGraph("name-vectors", (graph) => {
    const texts = tower(graph);
    const layers = declareLayers(graph, shape, "float32");
    const inside = layers.projectorIn(graph, texts.vectors);
    const vectors = graph.node("Add", [layers.projectorOut(graph, inside), layers.projectorBias]);
    graph.output(rename(graph, vectors, "vectors"), "float32", ["batch", "dims"]);
  });
}

function createNameReading(tower: TextTower): (names: readonly NamedTrack[]) => Tensors {
  const track = createTrackName();
  const texts = createTexts(tower);
  return (names) => {
    const lists = names.map((name) => {
      readNames(track, name);
      texts.clear();
      texts.add(track);
      return texts.take();
    });
    return feedsOf(tower, lists);
  };
}

function feedsOf({ inputs, padding, lengths }: TextTower, names: readonly TextLists[]): Tensors {
  const longest = Math.max(...names.map((name) => name.longest));
  const length = lengths.find((one) => one >= longest)!;
  const dims = [names.length, 1, length];
  const feeds: Record<string, Tensors[string]> = allocateTensors(
    Object.fromEntries(inputs.map((input) => [input, { type: "int32", dims } as const])),
  );
  inputs.forEach((input, list) => {
    const into = (feeds[input]!.data as Int32Array).fill(padding);
    names.forEach(({ numbers, ends }, row) =>
      into.set(numbers.subarray(list === 0 ? 0 : ends[list - 1], ends[list]), row * length),
    );
  });
  return feeds;
}
