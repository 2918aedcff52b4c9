import { rankingParts } from "../ranking/parts.ts";

/**
 * The parts of a sequence bundle, by the names that its manifest uses. Each variant lists those that it reads; the graphs of imported
 * models bring parts of their own instead.
 */
export const sequenceParts = {
  ...rankingParts,
  itemVectors: "item-vectors",
  itemHalves: "item-vectors-f16",
  itemCodes: "item-codes",
  itemScales: "item-scales",
  userVectors: "user-vectors",
  userHalves: "user-vectors-f16",
  userCodes: "user-codes",
  userScales: "user-scales",
  meanUser: "mean-user",
  body: "body",
  bodyHalves: "body-f16",
  bodyCodes: "body-codes",
  bodyScales: "body-scales",
} as const;

/**
 * The files that graphs read, beside them, each named after its part. Item tables have a row of zeros behind the last item: it pads
 * sequences and candidates. User tables have the mean of all users behind the last one: index -1, the unknown user, finds it there.
 */
export const weightFiles = {
  /** float32 [items + 1, itemDims] */
  itemVectors: `${sequenceParts.itemVectors}.f32`,
  /** float16 [items + 1, itemDims] */
  itemHalves: `${sequenceParts.itemHalves}.f16`,
  /** int8 [items + 1, itemDims], each row on a scale of its own; and the scales, float32 [items + 1, 1] */
  itemCodes: `${sequenceParts.itemCodes}.i8`,
  itemScales: `${sequenceParts.itemScales}.f32`,
  /** float32 [users + 1, userDims] */
  userVectors: `${sequenceParts.userVectors}.f32`,
  /** float16 [users + 1, userDims] */
  userHalves: `${sequenceParts.userHalves}.f16`,
  /** int8 [users + 1, userDims]; float32 [users + 1, 1] */
  userCodes: `${sequenceParts.userCodes}.i8`,
  userScales: `${sequenceParts.userScales}.f32`,
  /** float32 [1, userDims] */
  meanUser: `${sequenceParts.meanUser}.f32`,
  /** float32, `bodyOf` */
  body: `${sequenceParts.body}.f32`,
  /** float16, `bodyOf` */
  bodyHalves: `${sequenceParts.bodyHalves}.f16`,
  /** int8 and float32, `quantizedBodyOf` */
  bodyCodes: `${sequenceParts.bodyCodes}.i8`,
  bodyScales: `${sequenceParts.bodyScales}.f32`,
} as const;
