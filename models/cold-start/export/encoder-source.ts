import { createEncoderFiles } from "../encoder/encoder-files.ts";
import { encoderParts } from "../encoder/encoder-parts.ts";
import { createEncoderText } from "../encoder/encoder-text.ts";
import { encoderTower } from "../encoder/encoder-tower.ts";
import { openEncoder, type EncoderSource } from "../encoder/open-encoder.ts";
import { tryEncoder } from "../encoder/try-encoder.ts";
import type { OpenText } from "./source.ts";

/** The encoder takes a row's tracks by themselves, so that larger batches win nothing, and everybody in them waits. */
const largestBatch = 8;

/** Names by a sentence encoder of somebody else's, which goes into the bundle with its tokenizer. It is tried out first. */
export function encoderSource(source: EncoderSource): OpenText {
  return async (folder, open) => {
    const encoder = await openEncoder(source);
    const { pooling, maxTokens, tokenizer, ends } = encoder;
    const { dims } = ends.output;
    const files = createEncoderFiles(encoder);
    await files.write(folder);
    await tryEncoder(encoder, { folder, files, open });
    return {
      tower: createEncoderText({ tokenizer, maxTokens, dims }),
      settings: { kind: "encoder", dims, pooling, maxTokens },
      parts: [encoderParts.encoder, encoderParts.tokenizer],
      largestBatch,
      encode: (build) => files.embed(build(encoderTower(encoder))),
    };
  };
}
