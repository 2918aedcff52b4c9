import type { QuantizedItems } from "../../ranking/graph/rank-catalogue.ts";

/** How a table is stored whose rows are looked up. int8: row by row, each on a scale of its own. */
export type TableForm = "float32" | "float16" | "int8";

/**
 * How a variant stores what it computes with: `sequenceGraph` reads the files of `weightFiles` that these choices need.
 * Whatever the form, inputs are int32, scores float32.
 */
export interface SequenceForm {
  /** The vectors of the sequence's items. */
  readonly sequenceItems: TableForm;
  /** The vectors that scores are made of: of candidates, of survivors and, where the catalogue is scored exactly, of all items. */
  readonly scoredItems: TableForm;
  /** "mean": nobody has a vector of his own, everybody is the mean user. No matter where userDims is 0. */
  readonly users: TableForm | "mean";
  /**
   * Blocks and norms. float16 computes in float16, too; int8 stores matrices in int8, each column on a scale of its own, and computes in
   * float32: the runtime converts them when it loads.
   */
  readonly body: "float32" | "float16" | "int8";
  readonly catalogue: CatalogueForm;
}

/**
 * "exact" scores every item in float32. "half" does so in float16 and rescores the best of them in float32, as int8 does
 * (`QuantizedItems`).
 */
export type CatalogueForm =
  | { readonly kind: "exact" }
  | { readonly kind: "half"; readonly survivorsPerResult: number }
  | ({ readonly kind: "int8" } & QuantizedItems);

/** What blocks and norms are computed in. */
export type BodyType = "float32" | "float16";

export function bodyTypeOf({ body }: SequenceForm): BodyType {
  return body === "float16" ? "float16" : "float32";
}

export const exactForm: SequenceForm = {
  sequenceItems: "float32",
  scoredItems: "float32",
  users: "float32",
  body: "float32",
  catalogue: { kind: "exact" },
};

/** Small: tables and matrices in a quarter of the bytes, no users, every item scored from the same table. */
export const edgeForm: SequenceForm = {
  sequenceItems: "int8",
  scoredItems: "int8",
  users: "mean",
  body: "int8",
  catalogue: { kind: "exact" },
};

/** For accelerators. */
export const halfForm: SequenceForm = {
  sequenceItems: "float16",
  scoredItems: "float16",
  users: "float16",
  body: "float16",
  catalogue: { kind: "half", survivorsPerResult: 4 },
};

/** Head and tables in int8, survivors rescored from float32. */
export function quantizedForm(items: QuantizedItems): SequenceForm {
  return { ...exactForm, users: "int8", catalogue: { kind: "int8", ...items } };
}

/** For catalogues so small that float32 scores them faster. */
export const quantizedTablesForm: SequenceForm = {
  ...exactForm,
  sequenceItems: "int8",
  users: "int8",
};
