import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import { cast } from "../../onnx/operators.ts";

/** How a table is stored whose rows are looked up. int8: row by row, each on a scale of its own. */
export type TableForm = "float32" | "float16" | "int8";

/** Where the rows of a table lie, by the form that they have. */
export interface TableFiles {
  readonly float32: string;
  readonly float16: string;
  readonly int8: string;
  readonly scales: string;
}

export interface TableInfo {
  /** Of the values in the graph. */
  readonly name: string;
  readonly rows: number;
  readonly dims: number;
  readonly form: TableForm;
  readonly files: TableFiles;
}

/** The rows at `indexes` [...]: float32 or as asked, [..., dims]. */
export type LookUp = (graph: GraphBuilder, indexes: Value, as?: "float32" | "float16") => Value;

export function declareTable(graph: GraphBuilder, info: TableInfo): LookUp {
  const { values, scales } = declare(graph, info);
  return (inner, indexes, as = "float32") => {
    const rows = inner.node("Gather", [values, indexes]);
    if (info.form === as) return rows;
    const ofRows = scales && inner.node("Gather", [scales, indexes]);
    const exact = inFloat32(inner, info.form, { rows, scales: ofRows });
    return as === "float32" ? exact : cast(inner, exact, as);
  };
}

/**
 * All rows, float32 [rows, dims]. They are declared once more: a product packs a copy of its own, while what is looked up stays mapped.
 * The runtime computes what is not stored in float32 when it loads.
 */
export function wholeTable(graph: GraphBuilder, info: TableInfo): Value {
  const { values, scales } = declare(graph, info);
  return inFloat32(graph, info.form, { rows: values, scales });
}

function declare(graph: GraphBuilder, { name, rows, dims, form, files }: TableInfo) {
  const values = graph.external({ name, type: form, dims: [rows, dims] }, { file: files[form] });
  if (form !== "int8") return { values };
  const info = { name: `${name}_scales`, type: "float32", dims: [rows, 1] } as const;
  return { values, scales: graph.external(info, { file: files.scales }) };
}

function inFloat32(
  graph: GraphBuilder,
  form: TableForm,
  { rows, scales }: { readonly rows: Value; readonly scales: Value | undefined },
): Value {
  if (form === "float32") return rows;
  const values = cast(graph, rows, "float32");
  return scales === undefined ? values : graph.node("Mul", [values, scales]);
}
