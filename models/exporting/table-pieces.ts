/** Numbers of a piece: so many that writing takes longer than asking for one. */
const pieceLength = 2 ** 22;

/** A table with one row more, in pieces of whole rows: however large, it is never there twice. */
export function* piecesOf(table: Float32Array, lastRow: Float32Array): Generator<Float32Array> {
  const dims = lastRow.length;
  const length = Math.max(1, Math.floor(pieceLength / dims)) * dims;
  for (let at = 0; at < table.length; at += length) yield table.subarray(at, at + length);
  yield lastRow;
}

/** Each piece converted when it is asked for. */
export function* eachOf<Piece, Converted>(
  pieces: Iterable<Piece>,
  convert: (piece: Piece) => Converted,
): Generator<Converted> {
  for (const piece of pieces) yield convert(piece);
}
