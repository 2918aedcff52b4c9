import { partFile, type Bundle } from "../../bundle/bundle.ts";
import { refusal } from "../../bundle/parse-manifest.ts";
import { readTokenizer } from "../../tokenizer/read/read-tokenizer.ts";
import type { TextTower } from "../tower.ts";
import { encoderParts } from "./encoder-parts.ts";
import { createEncoderText } from "./encoder-text.ts";
import type { EncoderSettings } from "./encoder-settings.ts";

/** How a bundle with an encoder reads names. Rejects with FAILED_PRECONDITION for a tokenizer that cannot be used. */
export async function openEncoderText(
  bundle: Bundle,
  { maxTokens, dims }: EncoderSettings,
): Promise<TextTower> {
  const { model, version } = bundle.manifest;
  try {
    const tokenizer = await readTokenizer(partFile(bundle, encoderParts.tokenizer));
    return createEncoderText({ tokenizer, maxTokens, dims });
  } catch (error) {
    throw refusal(`${model} ${version}`, [(error as Error).message]);
  }
}
