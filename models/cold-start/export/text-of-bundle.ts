import { partFile, type Bundle } from "../../bundle/bundle.ts";
import { encoderParts } from "../encoder/encoder-parts.ts";
import type { TextSettings } from "../settings.ts";
import { encoderSource } from "./encoder-source.ts";
import { gramText } from "./gram-text.ts";
import type { OpenText } from "./source.ts";

/** How a bundle's model reads names. Its encoder, where it has one, is among the parts. */
export function textOfBundle(bundle: Bundle, text: TextSettings): OpenText {
  if (text.kind === "grams") {
    const { kind, buckets, dims } = text;
    return gramText({ kind, buckets, dims });
  }
  const { pooling, maxTokens, dims } = text;
  const encoder = partFile(bundle, encoderParts.encoder);
  const tokenizer = partFile(bundle, encoderParts.tokenizer);
  return encoderSource({ encoder, tokenizer, pooling, maxTokens, dims });
}
