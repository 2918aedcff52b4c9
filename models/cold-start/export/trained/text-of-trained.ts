import { gramText } from "../gram-text.ts";
import type { OpenText } from "../source.ts";
import type { Trained } from "./read-trained.ts";

/** How a trained model reads names. Its encoder, where it has one, lies in the folder. */
export function textOfTrained(dir: string, { shape }: Pick<Trained, "shape" | "text">): OpenText {
  if (shape.text.kind === "grams") return gramText(shape.text);
  throw new Error(`${dir}: sentence encoders cannot be exported yet`);
}
