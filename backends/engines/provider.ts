import type { InferenceSession } from "onnxruntime-node";
import { exactInt8 } from "./exact-int8.ts";
import type { RuntimeName } from "./runtime.ts";

export type ProviderName = "cpu" | "cuda" | "webgpu" | "wasm";

/** What tells one ONNX Runtime execution provider from another. All else is the same code. */
export interface Provider {
  readonly runtime: RuntimeName;
  /** A graph with a node that the provider cannot run is refused; otherwise that node would run on the CPU, unseen. */
  readonly strict: boolean;
  /** All its sessions share one device context that is not safe between threads: they take turns. */
  readonly exclusive: boolean;
  /** It can tell devices apart by number. */
  readonly hasDevices: boolean;
  /** A session can use several threads. */
  readonly hasThreads: boolean;
  /** ONNX Runtime's own settings. */
  readonly config: Readonly<Record<string, string>>;
  /** More sessions than this would only share what one has already. */
  readonly maxWorkers: number;
}

export const providers: Readonly<Record<ProviderName, Provider>> = {
  cpu: {
    runtime: "onnxruntime-node",
    strict: false,
    exclusive: false,
    hasDevices: false,
    hasThreads: true,
    config: exactInt8(),
    maxWorkers: Infinity,
  },
  cuda: {
    runtime: "onnxruntime-node",
    strict: true,
    exclusive: false,
    hasDevices: true,
    hasThreads: false,
    config: {},
    maxWorkers: 1,
  },
  webgpu: {
    runtime: "onnxruntime-node",
    strict: true,
    exclusive: true,
    hasDevices: false,
    hasThreads: false,
    config: {},
    maxWorkers: 1,
  },
  wasm: {
    runtime: "onnxruntime-web",
    strict: false,
    exclusive: false,
    hasDevices: false,
    hasThreads: false,
    config: {},
    maxWorkers: Infinity,
  },
};

export interface SessionSettings {
  readonly intraOpThreads: number;
  readonly deviceId: number;
}

export function sessionOptions(
  name: ProviderName,
  settings: SessionSettings,
): InferenceSession.SessionOptions {
  const { strict, hasDevices, config } = providers[name];
  return {
    executionProviders: [hasDevices ? { name, deviceId: settings.deviceId } : name],
    intraOpNumThreads: settings.intraOpThreads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    // Flat keys: nested under "session", a key that repeats the prefix is ignored without a word.
    extra: { ...config, ...(strict && { "session.disable_cpu_ep_fallback": "1" }) },
  };
}
