/** A header of any JSON, and any bytes behind it: also files that nobody should write. */
export function encodeFile(header: string | object, data: Uint8Array): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

/** A file of float32 tensors, one after the other. */
export function encodeTensors(
  tensors: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>,
): Uint8Array {
  let at = 0;
  const header = Object.entries(tensors).map(([name, { shape, values }]) => {
    const begin = at;
    at += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [begin, at] }] as const;
  });
  const data = Object.values(tensors).map(({ values }) => new Uint8Array(values.slice().buffer));
  return encodeFile(Object.fromEntries(header), Buffer.concat(data));
}
