import { widthOf, type SequenceShape } from "../../../models/sequence/shape.ts";

/**
 * Multiplications and additions that a row cannot do without: of the last block the last position only, whose query is brought to the
 * positions instead of keys and values being computed; of attention the half that looks back.
 */
export function leastOperations(shape: SequenceShape, length: number): number {
  const width = widthOf(shape);
  const square = 2 * width * width;
  const feedForward = 4 * width * shape.hidden;
  const wholeBlock = length * (4 * square + feedForward + 2 * width * (length + 1));
  const lastBlock = 2 * shape.heads * square + 4 * shape.heads * length * width + feedForward;
  const head = 2 * shape.items * shape.itemDims;
  return (shape.blocks - 1) * wholeBlock + lastBlock + head;
}
