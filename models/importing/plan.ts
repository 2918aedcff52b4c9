import type { BodyInputs } from "./inspect/find-inputs.ts";
import type { HeadWeights } from "./inspect/head-vectors.ts";
import type { ItemTable } from "./inspect/find-item-table.ts";
import type { NamedEnds, ReadModel } from "./inspect/read-model.ts";
import type { ItemIds } from "./inspect/item-ids.ts";
import type { PaddingSide } from "./graph/last-position.ts";
import type { ServingPlan } from "./graph/serving-graph.ts";

/** What somebody said of a model; the rest is found out. */
export interface Said extends NamedEnds {
  readonly firstId?: number | undefined;
  readonly paddingId?: number | undefined;
  readonly padding?: PaddingSide | undefined;
  readonly maxLength?: number | undefined;
  /** A matrix of the file that hidden vectors are multiplied with. */
  readonly head?: string | undefined;
  /** The model's id of the first known user, and of somebody unknown. Default 0, or where 0 is unknown 1. */
  readonly firstUser?: number | undefined;
  readonly unknownUser?: number | undefined;
  /** It is meant to answer by the last item alone; one that does so without this is taken to be exported wrongly. */
  readonly lastItemOnly?: boolean | undefined;
}

/** One thing that was understood, for people. */
export type Fact = readonly [name: string, found: string];

export interface ImportPlan {
  readonly read: ReadModel;
  readonly inputs: BodyInputs;
  readonly items: number;
  readonly ids: ItemIds;
  readonly table: ItemTable | undefined;
  /** Undefined: scores come about in a way that cannot be looked into. */
  readonly head: HeadWeights | undefined;
  /** The file gives vectors, and `head` is what they are to be multiplied with. */
  readonly isVectors: boolean;
  /** What the file gives has every position. */
  readonly hasPositions: boolean;
  /** The value that the head reads, or the scores. */
  readonly value: string;
  readonly serving: Omit<ServingPlan, "ending">;
  /** Ascending: what sequences are padded to. */
  readonly lengths: readonly number[];
  /** Undefined: as many as memory allows. */
  readonly largestBatch: number | undefined;
  readonly facts: readonly Fact[];
}
