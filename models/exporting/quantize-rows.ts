/** A table in int8, every row on a scale of its own: row = codes * scale. */
export interface QuantizedRows {
  readonly codes: Int8Array<ArrayBuffer>;
  /** One for each row. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/** As far as codes of items go from zero. */
export const greatestCode = 127;

export function quantizeRows(values: Float32Array, dims: number): QuantizedRows {
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(values.length / dims);
  for (let row = 0; row < scales.length; row++) {
    const own = values.subarray(row * dims, (row + 1) * dims);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // Of a row of zeros any scale will do.
    scales[row] = largest === 0 ? 1 : largest / greatestCode;
    own.forEach((value, dim) => (codes[row * dims + dim] = Math.round(value / scales[row]!)));
  }
  return { codes, scales };
}

/** The same of a matrix whose columns each have a scale. */
export function quantizeColumns(values: Float32Array, columns: number): QuantizedRows {
  const rows = values.length / columns;
  const { codes, scales } = quantizeRows(transposed(values, rows, columns), rows);
  return { codes: transposed(codes, columns, rows), scales };
}

function transposed<Values extends Float32Array | Int8Array>(
  values: Values,
  rows: number,
  columns: number,
): Values {
  const result = values.slice() as Values;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  return result;
}
