import { mergedOutput, mergedQuery, outputBias } from "./merge-heads.ts";
import type { Affine } from "../ranking/affine.ts";
import { transposed, vector, type BodyTensor } from "../ranking/body-tensors.ts";
import { widthOf, type SequenceShape } from "./shape.ts";
import type { BlockWeights, SequenceWeights } from "./weights.ts";

type Tensor = BodyTensor<SequenceWeights>;

/**
 * The weights of blocks and norms as the graph computes with them, which is not quite as they were trained:
 *
 * - What is added to the positions is divided by the embedding scale, which norms do not notice, so that tables are used as they are.
 * - In merged blocks keys and values are not computed (`merge-heads.ts`).
 * - A bias that moves all scores of a query alike is left out; that of the values becomes the output's, for attention sums to one.
 *
 * Matrices are [in, out].
 */
export function bodyTensors(shape: SequenceShape): readonly Tensor[] {
  const blocks = Array.from({ length: shape.blocks }, (_, block) => blockTensors(shape, block));
  return [
    ...positionTensors(shape),
    ...blocks.flat(),
    ...normTensors("final_norm", widthOf(shape), ({ finalNorm }) => finalNorm),
  ];
}

/** Whether a block's queries are brought to the positions: where that is less work than keys and values are. */
export function isMerged({ heads, blocks }: SequenceShape, block: number): boolean {
  return heads === 1 || block === blocks - 1;
}

export function blockName(block: number, tensor: string): string {
  return `block_${block}.${tensor}`;
}

/** Those of items and of users apart, since they are added before the two are joined. */
function positionTensors(shape: SequenceShape): readonly Tensor[] {
  const { itemDims, userDims, maxLength } = shape;
  const columns = (name: string, from: number, count: number): Tensor => ({
    name,
    dims: [maxLength, count],
    *values({ positions, embeddingScale }) {
      for (let row = 0; row < maxLength; row++)
        for (let column = from; column < from + count; column++)
          yield positions[row * (itemDims + userDims) + column]! / embeddingScale;
    },
  });
  const items = columns("item_positions", 0, itemDims);
  return userDims > 0 ? [items, columns("user_positions", itemDims, userDims)] : [items];
}

function blockTensors(shape: SequenceShape, block: number): readonly Tensor[] {
  const { hidden } = shape;
  const width = widthOf(shape);
  const at = (name: string) => blockName(block, name);
  const of = (weights: SequenceWeights): BlockWeights => weights.layers[block]!;
  return [
    ...normTensors(at("attention_norm"), width, (weights) => of(weights).attentionNorm),
    ...(isMerged(shape, block)
      ? mergedAttention(shape, block, of)
      : separateAttention(shape, block, of)),
    ...normTensors(at("feed_norm"), width, (weights) => of(weights).feedNorm),
    transposed(at("feed_in.weight"), [width, hidden], { of: (weights) => of(weights).feedIn }),
    vector(at("feed_in.bias"), hidden, (weights) => of(weights).feedIn.bias),
    transposed(at("feed_out.weight"), [hidden, width], {
      of: (weights) => of(weights).feedOut,
      divisor: ({ embeddingScale }) => embeddingScale,
    }),
    vector(at("feed_out.bias"), width, (weights) =>
      of(weights).feedOut.bias.map((value) => value / weights.embeddingScale),
    ),
  ];
}

type OfBlock = (weights: SequenceWeights) => BlockWeights;

function mergedAttention(shape: SequenceShape, block: number, of: OfBlock): readonly Tensor[] {
  const width = widthOf(shape);
  const all = shape.heads * width;
  const query = {
    name: blockName(block, "query_key"),
    of: (w: SequenceWeights) => mergedQuery(shape, of(w)),
  };
  return [
    { name: `${query.name}.weight`, dims: [width, all], values: (w) => query.of(w).weight },
    { name: `${query.name}.bias`, dims: [all], values: (w) => query.of(w).bias },
    {
      name: blockName(block, "value_output.weight"),
      dims: [all, width],
      values: (w) => mergedOutput(shape, of(w)),
    },
    vector(blockName(block, "output.bias"), width, (w) => outputBias(shape, of(w))),
  ];
}

function separateAttention(shape: SequenceShape, block: number, of: OfBlock): readonly Tensor[] {
  const width = widthOf(shape);
  const square = [width, width] as const;
  const rootOfHead = Math.sqrt(width / shape.heads);
  const at = (name: string) => blockName(block, name);
  return [
    transposed(at("query.weight"), square, { of: (w) => of(w).query, divisor: () => rootOfHead }),
    vector(at("query.bias"), width, (w) => of(w).query.bias.map((value) => value / rootOfHead)),
    transposed(at("key.weight"), square, { of: (w) => of(w).key }),
    transposed(at("value.weight"), square, { of: (w) => of(w).value }),
    transposed(at("output.weight"), square, {
      of: (w) => of(w).output,
      divisor: ({ embeddingScale }) => embeddingScale,
    }),
    vector(at("output.bias"), width, (w) => outputBias(shape, of(w))),
  ];
}

function normTensors(
  name: string,
  width: number,
  of: (weights: SequenceWeights) => Affine,
): readonly Tensor[] {
  return [
    vector(`${name}.weight`, width, (weights) => of(weights).weight),
    vector(`${name}.bias`, width, (weights) => of(weights).bias),
  ];
}
