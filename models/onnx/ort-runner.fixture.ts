import * as ort from "onnxruntime-node";
import type { Tensor, TensorType, Tensors } from "../tensors.ts";
import type { GraphRunner } from "../exporting/graph-runner.ts";

/** ONNX Runtime in this thread, without what an engine adds: models/ may not know backends/. */
export async function openRunner(graphFile: string, threads = 1): Promise<GraphRunner> {
  const session = await ort.InferenceSession.create(graphFile, { intraOpNumThreads: threads });
  return {
    async run(feeds: Tensors) {
      const results = await session.run(mapTensors(feeds, toRuntime));
      return mapTensors(results, fromRuntime);
    },
    close: () => session.release(),
  };
}

function toRuntime({ type, data, dims }: Tensor): ort.Tensor {
  return new ort.Tensor(type, data as Int32Array, dims);
}

function fromRuntime({ type, data, dims }: ort.Tensor): Tensor {
  return { type: type as TensorType, data: data as Int32Array, dims };
}

function mapTensors<From, To>(
  tensors: Readonly<Record<string, From>>,
  convert: (tensor: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, convert(tensor)]),
  );
}
