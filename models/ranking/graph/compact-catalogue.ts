import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast, pick, sizeOf, topK, type Top } from "../../onnx/operators.ts";
import type { ItemShape, RankCatalogue } from "./rank-catalogue.ts";
import { atMost } from "./rescore.ts";
import type { TableFiles } from "./tables.ts";
import { topByGroups } from "./top-by-groups.ts";
import { codeOfZero, fineVectorCodes, highFactor } from "./vector-codes.ts";

/** Items that are scored at one time; while the model loads, the codes of so many exist once more than they must. */
const itemsPerChunk = 32_768;
/** Numbers that exist of a row at one time: the sums of two bytes, and once more where these are parted. */
export const scoresAtOnce = 4 * itemsPerChunk;

export interface CompactItems {
  /** The int8 table of the items, row by row. */
  readonly files: Pick<TableFiles, "int8" | "scales">;
  /** Default 32,768. */
  readonly chunkItems?: number;
}

/**
 * For catalogues whose float32 rows are too much: the int8 table that is looked up is scored as well, a chunk of items after the other.
 * One file, and in memory little more than one copy of it: the runtime packs chunk by chunk and lets each original go.
 *
 * Vectors are scored in 14 bits, as two rows of the same product: for one row the memory is the limit, not the arithmetic. What is left
 * to gain from exact scores of the best is nothing then, and it would keep the table in memory besides the packed one.
 */
export function compactCatalogue(
  graph: GraphBuilder,
  shape: ItemShape,
  items: CompactItems,
): RankCatalogue {
  const chunks = declareChunks(graph, shape, items);
  return (branch, ranking) => {
    const { codes, step } = fineVectorCodes(branch, ranking.vectors);
    const k = atMost(branch, ranking.k, shape.items);
    let best: Top | undefined;
    for (const chunk of chunks) {
      const top = topOfChunk(branch, chunk, { codes, k });
      // One after the other: scores of a chunk make room for those of the next.
      best = best === undefined ? top : merge(branch, [best, top], k);
    }
    return {
      ids: cast(branch, best!.indices, "int32"),
      scores: branch.node("Mul", [best!.values, step]),
    };
  };
}

interface Chunk {
  readonly first: number;
  readonly count: number;
  /** int8 [count, dims] */
  readonly codes: Value;
  /** float32 [count] */
  readonly scales: Value;
}

function declareChunks(
  graph: GraphBuilder,
  { items, dims }: ItemShape,
  { files, chunkItems = itemsPerChunk }: CompactItems,
): readonly Chunk[] {
  return Array.from({ length: Math.ceil(items / chunkItems) }, (_, chunk) => {
    const first = chunk * chunkItems;
    const count = Math.min(chunkItems, items - first);
    return {
      first,
      count,
      codes: graph.external(
        { name: `item_codes_from_${first}`, type: "int8", dims: [count, dims] },
        { file: files.int8, offsetBytes: first * dims },
      ),
      scales: graph.external(
        { name: `item_scales_from_${first}`, type: "float32", dims: [count] },
        { file: files.scales, offsetBytes: 4 * first },
      ),
    };
  });
}

interface Asked {
  /** Of `fineVectorCodes`. */
  readonly codes: Value;
  /** int64 [1] */
  readonly k: Value;
}

/** The best of a chunk, as items of the whole catalogue. */
function topOfChunk(graph: GraphBuilder, chunk: Chunk, { codes, k }: Asked): Top {
  const { first, count } = chunk;
  const scores = scoresOf(graph, chunk, codes);
  const top = topByGroups(graph, scores, { k: atMost(graph, k, count), count });
  return { values: top.values, indices: graph.node("Add", [top.indices, graph.int64(first)]) };
}

/** float32 [B, count]; sums of int8 are exact, whoever else is in the batch. */
function scoresOf(graph: GraphBuilder, { codes: items, scales }: Chunk, codes: Value): Value {
  const one = graph.float32(1);
  // It takes rows as they lie in the file, where MatMulInteger wants columns.
  const dots = graph.node(
    "QGemm",
    [codes, one, graph.uint8(codeOfZero), items, one, graph.int8(0)],
    {
      domain: "com.microsoft",
      attributes: { transB: 1 },
    },
  );
  const [high, low] = graph.several("Split", [dots], {
    attributes: { axis: 0, num_outputs: 2 },
    outputs: 2,
  });
  const sums = graph.node("Add", [graph.node("Mul", [high!, graph.float32(highFactor)]), low!]);
  return graph.node("Mul", [sums, scales]);
}

/** Of equal values those of the first come first. */
function merge(graph: GraphBuilder, [first, second]: readonly [Top, Top], k: Value): Top {
  const both = (values: readonly Value[]) =>
    graph.node("Concat", values, { attributes: { axis: 1 } });
  const values = both([first.values, second.values]);
  const items = both([first.indices, second.indices]);
  const top = topK(graph, values, { k: graph.node("Min", [k, sizeOf(graph, values, 1)]) });
  return { values: top.values, indices: pick(graph, items, top.indices) };
}
