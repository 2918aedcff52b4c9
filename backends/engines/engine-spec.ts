import type { Tensors } from "../../models/tensors.ts";
import { type ProviderName, providers } from "./provider.ts";
import type { ExternalFile } from "./session-plan.ts";

export interface EngineSpec {
  readonly provider: ProviderName;
  /** What replies call it. Default: the provider. */
  readonly name?: string;
  /** The path of a .onnx or .ort file, or the bytes of one without external data. */
  readonly graph: string | Uint8Array;
  /** Files that the graph names. Needed by `wasm` only: the others find them beside the graph. */
  readonly externalData?: readonly ExternalFile[];
  /** Sessions, each in a thread of its own. Default 1. */
  readonly workers?: number;
  /** Threads of one session; only `cpu` can have more than one. Default 1. */
  readonly intraOpThreads?: number;
  /** Only `cuda` has devices to choose from. Default 0. */
  readonly deviceId?: number;
  /** Run once each by every session before the engine is open, and before a replacement serves. */
  readonly warmUp?: readonly Tensors[];
  /**
   * Loading disturbs nobody, and takes longer on a busy machine. Where the system does not allow the way back, it has
   * no effect. Default: true when another engine of this process can serve meanwhile.
   */
  readonly lowPriorityLoad?: boolean;
  /** Of one run. Default 64 MiB. */
  readonly maxFeedBytes?: number;
  /** Runs that wait for a session; more are refused. Default 64. */
  readonly maxWaiting?: number;
  /** Asked before another session is opened: it rejects when the files are not those of the first any more. */
  readonly mayReopen?: () => Promise<void>;
  /** A session died, for the log; the next one starts in `restartMs`. */
  readonly lost?: (why: Error, restartMs: number) => void;
  /** How long `close` waits for runs in flight. A thread that hangs in one cannot be ended. Default 10,000. */
  readonly closeMs?: number;
  /** Threads did not end by then and were left to themselves, for the log. */
  readonly abandoned?: (why: Error) => void;
}

export type CompleteSpec = Required<Omit<EngineSpec, "lowPriorityLoad">> &
  Pick<EngineSpec, "lowPriorityLoad">;

/** With the defaults filled in. Throws an Error that lists every problem. */
export function completeSpec(spec: EngineSpec): CompleteSpec {
  const complete: CompleteSpec = {
    name: spec.provider,
    externalData: [],
    workers: 1,
    intraOpThreads: 1,
    deviceId: 0,
    warmUp: [],
    maxFeedBytes: 64 * 1024 * 1024,
    maxWaiting: 64,
    mayReopen: async () => {},
    lost: () => {},
    closeMs: 10_000,
    abandoned: () => {},
    ...spec,
  };
  const problems = problemsIn(complete);
  if (problems.length === 0) return complete;
  throw new Error(
    `engine "${complete.name}" cannot be opened:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
  );
}

function problemsIn(spec: CompleteSpec): string[] {
  const { provider, workers, intraOpThreads, deviceId, maxFeedBytes, maxWaiting, closeMs } = spec;
  if (!Object.hasOwn(providers, provider)) {
    return [`provider is "${provider}"; it must be one of ${Object.keys(providers).join(", ")}`];
  }
  const { hasThreads, hasDevices } = providers[provider];
  const problems: string[] = [];
  const whole = (name: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least)
      problems.push(`${name} is ${value}; it must be a whole number from ${least}`);
  };
  whole("workers", workers, 1);
  whole("intraOpThreads", intraOpThreads, 1);
  whole("deviceId", deviceId, 0);
  whole("maxFeedBytes", maxFeedBytes, 1);
  whole("maxWaiting", maxWaiting, 0);
  whole("closeMs", closeMs, 0);
  if (!hasThreads && intraOpThreads > 1)
    problems.push(`intraOpThreads is ${intraOpThreads}; ${provider} has one thread`);
  if (!hasDevices && deviceId > 0)
    problems.push(`deviceId is ${deviceId}; ${provider} has no devices to choose from`);
  return problems;
}
