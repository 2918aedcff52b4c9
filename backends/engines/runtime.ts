import type { InferenceSession, Tensor } from "onnxruntime-node";
import { loadOnnxruntimeNode } from "./onnxruntime-node.ts";
import { loadOnnxruntimeWeb } from "./onnxruntime-web.ts";

/** What both packages offer, under the same names. */
export interface Runtime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

export type RuntimeName = "onnxruntime-node" | "onnxruntime-web";

export const runtimes: Readonly<Record<RuntimeName, () => Promise<Runtime>>> = {
  "onnxruntime-node": loadOnnxruntimeNode,
  "onnxruntime-web": loadOnnxruntimeWeb,
};
