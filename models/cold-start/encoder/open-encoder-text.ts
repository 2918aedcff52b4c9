import { partFile, type Bundle } from "../../bundle/bundle.ts";
import { refusal } from "../../bundle/parse-manifest.ts";
import { readTokenizer } from "../../tokenizer/read/read-tokenizer.ts";
import type { TextTower } from "../tower.ts";
import { encoderParts } from "./encoder-parts.ts";
import { createEncoderText } from "./encoder-text.ts";
import type { EncoderSettings } from "./encoder-settings.ts";

/** How a bundle with an encoder reads names. Throws FAILED_PRECONDITION for a tokenizer that cannot be used. */
export async function openEncoderText(
  { manifest, ...bundle }: Bundle,
  { maxTokens, dims }: EncoderSettings,
): Promise<TextTower> {
  try {
    const tokenizer = await readTokenizer(
      partFile({ manifest, ...bundle }, encoderParts.tokenizer),
    );
    return createEncoderText({ tokenizer, maxTokens, dims });
  } catch (error) {
    throw refusal(`${manifest.model} ${manifest.version}`, [(error as Error).message]);
  }
}
