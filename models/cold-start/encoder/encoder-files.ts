import type { PartsFolder } from "../../exporting/parts-folder.ts";
import { gatherWeights } from "../../importing/embed/body-weights.ts";
import { embedBody } from "../../importing/embed/embed-body.ts";
import { pointOutside } from "../../importing/embed/point-outside.ts";
import { needsOf } from "../../importing/embed/prune.ts";
import type { Graph } from "../../onnx/graph.ts";
import { encoderParts, encoderWeightsFile } from "./encoder-parts.ts";
import type { Encoder } from "./open-encoder.ts";

/** Writes what of an encoder goes into a bundle. */
export interface EncoderFiles {
  /** Writes the parts of all variants, and returns their names. */
  write(folder: PartsFolder): Promise<readonly string[]>;
  /** The bytes of a graph that has `encoderTower` in it, with the encoder: in place of `encodeModel`. */
  embed(graph: Graph): Uint8Array<ArrayBuffer>;
}

export function createEncoderFiles({ file, ends, tokenizerBytes }: Encoder): EncoderFiles {
  const { model, findExternal } = file;
  const output = ends.output.name;
  const body = needsOf(model.graph, output);
  const weights = gatherWeights(body.initializers, encoderWeightsFile, findExternal);
  return {
    async write(folder) {
      await folder.add(
        encoderParts.encoder,
        "onnx",
        pointOutside(model, { body, output, weights }),
      );
      await folder.add(encoderParts.weights, "bin", ...weights.content);
      await folder.add(encoderParts.tokenizer, "json", tokenizerBytes);
      return Object.values(encoderParts);
    },
    embed: (graph) => embedBody(graph, { model, body, weights: [weights] }),
  };
}
