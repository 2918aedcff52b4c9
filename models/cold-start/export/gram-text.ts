import { nameRules } from "../../names/name-rules.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import { createGramTower } from "../gram-tower.ts";
import { gramTower } from "../graph/gram-tower.ts";
import type { GramShape } from "../shape.ts";
import type { OpenText } from "./source.ts";

/** Names by their n-grams, whose rows are among the weights. */
export function gramText(shape: GramShape): OpenText {
  return async () => ({
    tower: createGramTower(shape),
    settings: { ...shape, rules: nameRules },
    parts: [],
    encode: (build, grams) => encodeModel(build(gramTower(shape, grams))),
  });
}
