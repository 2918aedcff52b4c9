import type { ConfigOf, Schema } from "../../server/config/schema.ts";
import { choice, decimal, optional, path, set, whole } from "../../server/config/setting.ts";
import { outBroken } from "../bundle-folder.ts";

const settings = {
  interactions: optional(path, "JSON lines of who chose what, oldest first"),
  feedback: optional(path, "rows that crossfade feedback export wrote"),
  catalogue: optional(path, "JSON lines of the items that may be recommended"),
  out: optional(path, "folder of the bundle, DIR/MODEL/VERSION; must not be there yet"),
  idType: set(
    choice(["auto", "string", "int"]),
    "auto",
    "whether ids are numbers in JSON; auto: when all of the catalogue's are",
  ),
  dims: set(whole({ min: 1, max: 4_096 }), 128, "numbers in a vector"),
  epochs: set(decimal({ min: 0.01, max: 10_000 }), 30, "steps for each choice"),
  learningRate: set(decimal({ min: 1e-6, max: 1 }), 0.1, "falls to a tenth of it"),
  regularization: set(decimal({ min: 0, max: 1 }), 0.01, "pull of vectors towards zero"),
  passedShare: set(
    decimal({ min: 0, max: 1 }),
    0.1,
    "how often a choice is set against what the same user passed over in feedback",
  ),
  seed: set(whole({ min: 0, max: 2 ** 31 - 1 }), 1, "on one thread the same gives the same model"),
  threads: set(whole({ min: 1, max: 256 }), 1, "that train; with more no two models are the same"),
  warmProbes: set(
    whole({ min: 1, max: 100_000 }),
    1_000,
    "users, at most half, whose last choice is kept back to measure by",
  ),
  coldProbes: set(
    whole({ min: 1, max: 100_000 }),
    200,
    "users, at most a tenth, who are kept back to measure newcomers by",
  ),
};

export type TwoTowerConfig = ConfigOf<typeof settings>;

export const twoTowerSchema: Schema<typeof settings> = {
  settings,
  rulesBroken: ({ interactions, feedback, catalogue, out }) => [
    ...(interactions === undefined && feedback === undefined
      ? ["nothing to learn from: give --interactions, --feedback or both"]
      : []),
    ...(catalogue === undefined ? ["nothing to recommend: give --catalogue"] : []),
    ...outBroken(out),
  ],
};
