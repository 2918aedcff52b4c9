import type { GraphBuilder } from "../../onnx/build-graph.ts";
import { compactCatalogue } from "./compact-catalogue.ts";
import {
  exactCatalogue,
  halfCatalogue,
  quantizedCatalogue,
  type ItemShape,
  type QuantizedItems,
  type RankCatalogue,
} from "./rank-catalogue.ts";
import { wholeTable, type TableFiles, type TableForm } from "./tables.ts";

/**
 * How a whole catalogue is scored. "exact" scores every item in float32. "half" does so in float16 and rescores the best of them in
 * float32, as int8 does (`QuantizedItems`). "compact" scores the int8 table itself: for catalogues of millions.
 */
export type CatalogueForm =
  | { readonly kind: "exact" }
  | { readonly kind: "half"; readonly survivorsPerResult: number }
  | ({ readonly kind: "int8" } & QuantizedItems)
  | { readonly kind: "compact"; readonly chunkItems?: number };

/** Items that are rescored exactly for each result; 0 where none are. */
export function survivorsIn(form: CatalogueForm): number {
  return "survivorsPerResult" in form ? form.survivorsPerResult : 0;
}

export interface ScoredCatalogue {
  readonly shape: ItemShape;
  readonly catalogue: CatalogueForm;
  /** How the item vectors are stored that exact scores are made of, and where. */
  readonly scoredItems: TableForm;
  readonly files: TableFiles;
}

/** Declares what a branch needs that ranks the whole catalogue. */
export function rankAll(graph: GraphBuilder, scored: ScoredCatalogue): RankCatalogue {
  const { shape, catalogue, scoredItems, files } = scored;
  const table = { name: "item_matrix", rows: shape.items, dims: shape.dims, files };
  if (catalogue.kind === "exact")
    return exactCatalogue(wholeTable(graph, { ...table, form: scoredItems }), shape);
  if (catalogue.kind === "int8") return quantizedCatalogue(graph, shape, catalogue);
  if (catalogue.kind === "compact") return compactCatalogue(graph, shape, { ...catalogue, files });
  const { survivorsPerResult } = catalogue;
  return halfCatalogue(graph, shape, { file: files.float16, survivorsPerResult });
}
