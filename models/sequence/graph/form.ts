import type { BodyForm } from "../../ranking/graph/body-weights.ts";
import type { CatalogueForm } from "../../ranking/graph/catalogue-form.ts";
import type { QuantizedItems } from "../../ranking/graph/rank-catalogue.ts";
import type { TableForm } from "../../ranking/graph/tables.ts";

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
  /** Blocks and norms. float16 computes in float16, too. */
  readonly body: BodyForm;
  readonly catalogue: CatalogueForm;
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
