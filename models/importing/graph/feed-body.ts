import type { GraphBuilder, Value } from "../../onnx/build-graph.ts";
import type { ElementType } from "../../onnx/graph.ts";
import { addAxis, cast, dropAxis } from "../../onnx/operators.ts";
import { theirs } from "../embed/embed-body.ts";
import { bodyDomain } from "../embed/place-body.ts";
import type { BodyInputs, InputValue } from "../inspect/find-inputs.ts";

/** What a body is fed with, all of it [B, L] or [B]. */
export interface BodyFeeds {
  /** int32: the model's own ids, with its padding. */
  readonly ids: Value;
  /** bool: where there is an item. */
  readonly isItem: Value;
  /** int64 [B]: how many there are. */
  readonly counts: Value;
  /** int32 [B] */
  readonly user: Value;
}

const typeOf: Readonly<Record<number, ElementType>> = {
  1: "float32",
  6: "int32",
  7: "int64",
  9: "bool",
};

/** Gives an imported body's inputs what they want, under their names, and puts the body there. Returns the value asked of it. */
export function feedBody(
  graph: GraphBuilder,
  inputs: BodyInputs,
  { feeds, value }: { readonly feeds: BodyFeeds; readonly value: string },
): Value {
  const { sequence, mask, lengths, user } = inputs;
  const named = (to: InputValue, from: Value, isBatched: boolean): Value => {
    const typed = cast(graph, from, typeOf[to.typeCode]!);
    const shaped = isBatched ? typed : dropAxis(graph, typed, 0);
    return graph.node("Identity", [shaped], { outputs: [theirs(to.name)] });
  };
  const isBatched = sequence.rank === 2;
  const names = [named(sequence, feeds.ids, isBatched)];
  if (mask !== undefined) {
    const marks = mask.marksPadding ? graph.node("Not", [feeds.isItem]) : feeds.isItem;
    names.push(named(mask, marks, mask.rank === 2));
  }
  if (lengths !== undefined) names.push(named(lengths, feeds.counts, lengths.rank === 1));
  if (user !== undefined) {
    const shaped = user.rank === 2 ? addAxis(graph, feeds.user, 1) : feeds.user;
    names.push(named(user, shaped, user.rank > 0));
  }
  return graph.node("Body", names, { domain: bodyDomain, outputs: [theirs(value)] });
}
