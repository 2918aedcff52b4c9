import type { Affine } from "../../ranking/affine.ts";
import type { BlockWeights, SequenceWeights } from "../weights.ts";
import type { Trained } from "./trained/read-trained.ts";

/** The tensors of a trained folder, each in its place. */
export function toWeights({ architecture, items, userIds, tensors }: Trained): SequenceWeights {
  const tensor = (name: string) => tensors.get(name)!;
  const affine = (name: string): Affine => ({
    weight: tensor(`${name}.weight`),
    bias: tensor(`${name}.bias`),
  });
  const block = (at: string): BlockWeights => ({
    attentionNorm: affine(`${at}.attention_norm`),
    query: affine(`${at}.query`),
    key: affine(`${at}.key`),
    value: affine(`${at}.value`),
    output: affine(`${at}.output`),
    feedNorm: affine(`${at}.feed_norm`),
    feedIn: affine(`${at}.feed_in`),
    feedOut: affine(`${at}.feed_out`),
  });
  const knowsUsers = architecture.userDims > 0;
  return {
    ...architecture,
    items: items.length,
    users: knowsUsers ? userIds.length : 0,
    itemVectors: tensor("item_embedding"),
    userVectors: knowsUsers ? tensor("user_embedding") : new Float32Array(),
    positions: tensor("position_embedding"),
    layers: Array.from({ length: architecture.blocks }, (_, i) => block(`blocks.${i}`)),
    finalNorm: affine("final_norm"),
  };
}
