import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { pick, topK, type Top } from "../../onnx/operators.ts";
import type { ItemShape, RankCatalogue } from "./rank-catalogue.ts";
import { atMost, rescore, survivorsWanted } from "./rescore.ts";
import type { TableFiles } from "./tables.ts";
import { topByGroups } from "./top-by-groups.ts";
import { codeOfZero, vectorCodes } from "./vector-codes.ts";

/** Items that are scored at one time: their scores, and while the model loads their codes, exist once more than they must. */
export const itemsPerChunk = 65_536;

export interface CompactItems {
  /** The int8 table of the items, from which the survivors are rescored, too. */
  readonly files: Pick<TableFiles, "int8" | "scales">;
  readonly survivorsPerResult: number;
  /** Default `itemsPerChunk`. */
  readonly chunkItems?: number;
}

/**
 * For catalogues whose float32 rows are too much: the int8 table that is looked up is scored as well, a chunk of items after the other,
 * and the best of all chunks are rescored from its rows. One file, and in memory little more than one copy of it: the runtime packs
 * chunk by chunk and lets each original go, while of the table only rows that are looked up are ever read.
 */
export function compactCatalogue(
  graph: GraphBuilder,
  shape: ItemShape,
  items: CompactItems,
): RankCatalogue {
  const chunks = declareChunks(graph, shape, items);
  return (branch, ranking) => {
    const codes = vectorCodes(branch, ranking.vectors);
    const k = survivorsWanted(branch, ranking, items.survivorsPerResult);
    let best: Top | undefined;
    for (const chunk of chunks) {
      const top = topOfChunk(branch, chunk, { codes, k });
      // One after the other: scores of a chunk make room for those of the next.
      best = best === undefined ? top : merge(branch, [best, top], k);
    }
    return rescore(branch, ranking, best!.indices);
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

interface Scored {
  readonly codes: Value;
  /** int64 [1] */
  readonly k: Value;
}

/** The best of a chunk by int8, as items of the whole catalogue. */
function topOfChunk(
  graph: GraphBuilder,
  { first, count, codes: itemCodes, scales }: Chunk,
  { codes, k }: Scored,
): Top {
  // It takes rows as they lie in the file, where MatMulInteger wants columns. Sums of int8 are exact, whoever else is in the batch.
  const dots = graph.node(
    "QGemm",
    [codes, graph.float32(1), graph.uint8(codeOfZero), itemCodes, graph.float32(1), graph.int8(0)],
    { domain: "com.microsoft", attributes: { transB: 1 } },
  );
  const scores = graph.node("Mul", [dots, scales]);
  const top = topByGroups(graph, scores, { k: atMost(graph, k, count), count });
  return {
    values: top.values,
    indices: graph.node("Add", [top.indices, graph.int64(first)]),
  };
}

/** Of equal values those of the first come first. */
function merge(graph: GraphBuilder, [first, second]: readonly [Top, Top], k: Value): Top {
  const both = (values: readonly Value[]) =>
    graph.node("Concat", values, { attributes: { axis: 1 } });
  const values = both([first.values, second.values]);
  const items = both([first.indices, second.indices]);
  const limit = graph.node("Shape", [values], { attributes: { start: 1, end: 2 } });
  const top = topK(graph, values, { k: graph.node("Min", [k, limit]) });
  return { values: top.values, indices: pick(graph, items, top.indices) };
}
