import type { InferenceSession } from "onnxruntime-node";
import type { TensorInfo } from "../../models/tensors.ts";
import type { Gate } from "./gate.ts";
import type { RuntimeName } from "./runtime.ts";

/** A file that the graph names beside itself. */
export interface ExternalFile {
  /** As the graph spells it. */
  readonly location: string;
  /** Where it is. */
  readonly file: string;
}

/** All that a session's thread is told: plain data, cloned into it. */
export interface SessionPlan {
  readonly runtime: RuntimeName;
  readonly options: InferenceSession.SessionOptions;
  /** A path, or the bytes of a graph without external data. */
  readonly graph: string | Uint8Array;
  readonly externalData: readonly ExternalFile[];
  /** Load and warm up at the lowest priority, where the way back is open. */
  readonly lowPriorityLoad: boolean;
  /** The thread is inside while native code runs. */
  readonly gate: Gate;
}

/** A tensor that a graph takes or gives. */
export interface GraphTensor extends TensorInfo {
  /** Names of the dimensions, "" for a fixed or unnamed one. Equal names are equal sizes in one run. */
  readonly axes: readonly string[];
}

/** The first thing a thread says, once its session is loaded. */
export interface Loaded {
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
}

/** To a thread: a frame of feeds to run, or one of the words. "serve" follows the warm-up, "stop" comes last. */
export type Order = ArrayBuffer | "serve" | "stop";

export interface Ran {
  /** A frame. */
  readonly outputs: ArrayBuffer;
  /** By the thread's own clock: no wait before it and no delay of messages is in it. */
  readonly runMs: number;
}

/** From a thread, for each frame in order: what came of it, or why nothing did. */
export type Answer = Ran | { readonly failure: string };
