import { nameParts } from "../names/name-parts.ts";
import { rankingParts } from "../ranking/parts.ts";

const { items, popularity, graphRole } = rankingParts;

/** The parts of a cold-start bundle, by the names that its manifest uses. Each variant lists those that it reads. */
export const coldStartParts = {
  items,
  popularity,
  graphRole,
  names: nameParts.names,
  nameChains: nameParts.chains,
  itemVectors: "item-vectors",
  itemHalves: "item-vectors-f16",
  itemCodes: "item-codes",
  itemScales: "item-scales",
  gramVectors: "gram-vectors",
  gramHalves: "gram-vectors-f16",
  gramCodes: "gram-codes",
  gramScales: "gram-scales",
  body: "body",
  bodyHalves: "body-f16",
  bodyCodes: "body-codes",
  bodyScales: "body-scales",
} as const;

/**
 * The files that graphs read, beside them, each named after its part. Tables have a row of zeros at their end: behind the last item it
 * pads tracks and candidates, behind the last bucket the grams of names.
 */
export const weightFiles = {
  /** float32 [items + 1, dims] */
  itemVectors: `${coldStartParts.itemVectors}.f32`,
  /** float16 [items + 1, dims] */
  itemHalves: `${coldStartParts.itemHalves}.f16`,
  /** int8 [items + 1, dims], each row on a scale of its own; and the scales, float32 [items + 1, 1] */
  itemCodes: `${coldStartParts.itemCodes}.i8`,
  itemScales: `${coldStartParts.itemScales}.f32`,
  /** float32 [buckets + 1, dims of a row] */
  gramVectors: `${coldStartParts.gramVectors}.f32`,
  /** float16 [buckets + 1, dims of a row] */
  gramHalves: `${coldStartParts.gramHalves}.f16`,
  /** int8 [buckets + 1, dims of a row]; float32 [buckets + 1, 1] */
  gramCodes: `${coldStartParts.gramCodes}.i8`,
  gramScales: `${coldStartParts.gramScales}.f32`,
  /** float32, `bodyOf` */
  body: `${coldStartParts.body}.f32`,
  /** float16, `bodyOf` */
  bodyHalves: `${coldStartParts.bodyHalves}.f16`,
  /** int8 and float32, `quantizedBodyOf` */
  bodyCodes: `${coldStartParts.bodyCodes}.i8`,
  bodyScales: `${coldStartParts.bodyScales}.f32`,
} as const;
