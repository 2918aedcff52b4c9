import { readFile } from "node:fs/promises";
import type { InferenceSession } from "onnxruntime-node";
import type { Tensor, TensorType } from "../../models/tensors.ts";
import { copyFrame, readFrame } from "./frame.ts";
import { type Runtime, runtimes } from "./runtime.ts";
import type { GraphTensor, Loaded, SessionPlan } from "./session-plan.ts";

export interface Session extends Loaded {
  /** The outputs are written over the feeds where they fit. */
  run(feeds: ArrayBuffer): Promise<ArrayBuffer>;
  release(): Promise<void>;
}

/** What fails comes back as an error; onnxruntime-web would write it to stderr as well. */
const quiet: InferenceSession.RunOptions = { logSeverityLevel: 4 };

/** A session of the calling thread. */
export async function openSession(plan: SessionPlan): Promise<Session> {
  const runtime = await runtimes[plan.runtime]();
  const session = await createSession(runtime, plan);
  const inputs = session.inputMetadata.map((value) => graphTensor("input", value));
  const outputs = session.outputMetadata.map((value) => graphTensor("output", value));
  return {
    inputs,
    outputs,
    run: async (frame) => {
      const feeds: Record<string, InferenceSession.FeedsType[string]> = {};
      for (const [name, { type, data, dims }] of Object.entries(readFrame(inputs, frame))) {
        feeds[name] = new runtime.Tensor(type, data, dims);
      }
      const results = await session.run(feeds, quiet);
      const tensors = outputs.map(({ name }) => results[name] as Tensor);
      return copyFrame(tensors, frame);
    },
    release: () => session.release(),
  };
}

async function createSession(
  { InferenceSession }: Runtime,
  plan: SessionPlan,
): Promise<InferenceSession> {
  const { graph, options } = plan;
  // The native runtime maps files by itself: a path lets it share the pages of external data between sessions.
  if (plan.runtime === "onnxruntime-node" && typeof graph === "string") {
    return InferenceSession.create(graph, options);
  }
  const bytes = typeof graph === "string" ? await readFile(graph) : graph;
  const externalData = await Promise.all(
    plan.externalData.map(async ({ location, file }) => ({
      path: location,
      data: await readFile(file),
    })),
  );
  return InferenceSession.create(bytes, { ...options, externalData });
}

const tensorTypes: readonly string[] = [
  "float32",
  "int32",
  "int64",
  "int8",
  "uint8",
  "float16",
] satisfies TensorType[];

function graphTensor(kind: "input" | "output", value: InferenceSession.ValueMetadata): GraphTensor {
  const { name } = value;
  if (!value.isTensor || !tensorTypes.includes(value.type)) {
    const type = value.isTensor ? value.type : "no tensor";
    throw new Error(
      `${kind} "${name}" of the graph is ${type}; it must be one of ${tensorTypes.join(", ")}`,
    );
  }
  return {
    name,
    type: value.type as TensorType,
    dims: value.shape.map((dim) => (typeof dim === "number" ? dim : -1)),
    axes: value.shape.map((dim) => (typeof dim === "string" ? dim : "")),
  };
}
