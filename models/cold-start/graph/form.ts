import type { BodyForm } from "../../ranking/graph/body-weights.ts";
import type { CatalogueForm } from "../../ranking/graph/catalogue-form.ts";
import type { QuantizedItems } from "../../ranking/graph/rank-catalogue.ts";
import type { TableForm } from "../../ranking/graph/tables.ts";

/**
 * How a variant stores what it computes with: `coldStartGraph` reads the files of `weightFiles` that these choices need. Whatever the
 * form, inputs are int32, scores float32.
 */
export interface ColdStartForm {
  /** The vectors of the tracks that are known. */
  readonly tracks: TableForm;
  /** The vectors that scores are made of: of candidates, of survivors and, where the catalogue is scored exactly, of all items. */
  readonly scoredItems: TableForm;
  /** The rows of grams. No matter where an encoder reads. */
  readonly grams: TableForm;
  /** Projector and head. */
  readonly body: BodyForm;
  readonly catalogue: CatalogueForm;
}

export const exactForm: ColdStartForm = {
  tracks: "float32",
  scoredItems: "float32",
  grams: "float32",
  body: "float32",
  catalogue: { kind: "exact" },
};

/** Small: tables and matrices in a quarter of the bytes, every item scored from the table where tracks are looked up. */
export const edgeForm: ColdStartForm = {
  tracks: "int8",
  scoredItems: "int8",
  grams: "int8",
  body: "int8",
  catalogue: { kind: "exact" },
};

/** For accelerators. */
export const halfForm: ColdStartForm = {
  tracks: "float16",
  scoredItems: "float16",
  grams: "float16",
  body: "float16",
  catalogue: { kind: "half", survivorsPerResult: 4 },
};

/** The rows of grams and the head in int8, survivors rescored from float32. */
export function quantizedForm(items: QuantizedItems): ColdStartForm {
  return { ...exactForm, grams: "int8", catalogue: { kind: "int8", ...items } };
}

/** For catalogues so small that float32 scores them faster. */
export const quantizedTablesForm: ColdStartForm = { ...exactForm, tracks: "int8", grams: "int8" };
