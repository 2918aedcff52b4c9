import { join } from "node:path";
import { encoderSource } from "../encoder-source.ts";
import { gramText } from "../gram-text.ts";
import type { OpenText } from "../source.ts";
import type { TrainedEncoder } from "./model-file.ts";
import type { Trained } from "./read-trained.ts";

/** How a trained model reads names. Its encoder, where it has one, lies in the folder. */
export function textOfTrained(
  dir: string,
  { shape, text }: Pick<Trained, "shape" | "text">,
): OpenText {
  if (shape.text.kind === "grams") return gramText(shape.text);
  const { encoder, tokenizer, pooling, maxTokens } = text as TrainedEncoder;
  const source = { encoder: join(dir, encoder), tokenizer: join(dir, tokenizer) };
  return encoderSource({ ...source, pooling, maxTokens, dims: shape.text.dims });
}
