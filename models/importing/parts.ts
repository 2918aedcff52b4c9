/** The parts that graphs around imported bodies read, beside those of every sequence bundle. */
export const importedParts = {
  body: "imported-body",
  table: "imported-table",
  tableCodes: "imported-table-codes",
  tableScales: "imported-table-scales",
  headVectors: "imported-head",
  headCodes: "imported-head-codes",
  headScales: "imported-head-scales",
} as const;

/** Their files, each named after its part. */
export const importedFiles = {
  /** The weights of their graph, as they were, one after the other. */
  body: `${importedParts.body}.bin`,
  /** float32 [rows, dims]: the table where ids become vectors. */
  table: `${importedParts.table}.f32`,
  /** The same as int8, and float32 [rows, 1]. */
  tableCodes: `${importedParts.tableCodes}.i8`,
  tableScales: `${importedParts.tableScales}.f32`,
  /** float32 [items + 1, dims]: what hidden vectors are multiplied with, the last row zeros. */
  headVectors: `${importedParts.headVectors}.f32`,
  /** The same as int8, and float32 [items + 1, 1]. */
  headCodes: `${importedParts.headCodes}.i8`,
  headScales: `${importedParts.headScales}.f32`,
} as const;
