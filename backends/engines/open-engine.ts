import { isDeepStrictEqual } from "node:util";
import { ServingError } from "../../proto/serving-error.ts";
import type { Engine } from "../engine.ts";
import { checkFeeds } from "./check-feeds.ts";
import { type Crew, createCrew } from "./crew.ts";
import { diagnose } from "./diagnose.ts";
import { type CompleteSpec, completeSpec, type EngineSpec } from "./engine-spec.ts";
import { readFrame, takeFrame } from "./frame.ts";
import { createGate, type Gate } from "./gate.ts";
import { type Provider, providers, sessionOptions } from "./provider.ts";
import { callIsOver } from "./run-queue.ts";
import type { Loaded } from "./session-plan.ts";
import { openSessionThread, type SessionThread } from "./session-thread.ts";

export type OpenEngine = Engine & AsyncDisposable;

/** Of this process, until they are closed. */
const openEngines = new Set<Engine>();

/**
 * An engine of ONNX Runtime sessions, each in a thread of its own, loaded and warm. Rejects with an Error that says
 * what is wrong with the graph, or what this machine lacks and how to get it.
 * Close it before the process exits: an exit waits for the runs in flight, but nobody gets their answers.
 */
export async function openEngine(spec: EngineSpec): Promise<OpenEngine> {
  const complete = completeSpec(spec);
  const threads = await openAll(complete);
  const [graph] = threads;
  const crew = createCrew({ ...complete, threads, open: () => reopen(complete, graph!) });
  const engine = engineOf(complete, { graph: graph!, crew });
  openEngines.add(engine);
  return engine;
}

async function openAll(spec: CompleteSpec): Promise<SessionThread[]> {
  const attempts = await Promise.allSettled(
    Array.from({ length: spec.workers }, () => openThread(spec)),
  );
  const threads = attempts.flatMap((attempt) =>
    attempt.status === "fulfilled" ? [attempt.value] : [],
  );
  const failed = attempts.find((attempt) => attempt.status === "rejected");
  if (failed === undefined) return threads;
  await Promise.all(threads.map((thread) => thread.stop()));
  const why = diagnose(spec.provider, failed.reason as Error);
  throw new Error(`engine "${spec.name}" cannot open ${graphName(spec)}: ${why}`, {
    cause: failed.reason,
  });
}

function openThread(spec: CompleteSpec): Promise<SessionThread> {
  const { graph, externalData, lowPriorityLoad = someEngineServes(), warmUp } = spec;
  const provider = providers[spec.provider];
  const plan = {
    runtime: provider.runtime,
    options: sessionOptions(spec.provider, spec),
    graph,
    externalData,
    lowPriorityLoad,
    gate: gateOf(provider),
  };
  return openSessionThread({ plan, warmUp });
}

function someEngineServes(): boolean {
  return [...openEngines].some((engine) => engine.isReady());
}

/** Frames are read in the order of the graph that the engine was opened with. */
async function reopen(spec: CompleteSpec, { inputs, outputs }: Loaded): Promise<SessionThread> {
  await spec.mayReopen();
  const thread = await openThread(spec);
  if (isDeepStrictEqual([thread.inputs, thread.outputs], [inputs, outputs])) return thread;
  await thread.stop();
  throw new Error(`${graphName(spec)} has other inputs or outputs than when it was opened`);
}

function graphName({ graph }: CompleteSpec): string {
  return typeof graph === "string" ? graph : `a graph of ${graph.byteLength} bytes`;
}

const sharedGates = new Map<Provider, Gate>();

/** Sessions that must take turns pass through one gate, whatever engine they belong to. */
function gateOf(provider: Provider): Gate {
  const gate = (provider.exclusive ? sharedGates.get(provider) : undefined) ?? createGate();
  if (provider.exclusive) sharedGates.set(provider, gate);
  return gate;
}

interface Parts {
  readonly graph: Loaded;
  readonly crew: Crew;
}

function engineOf(spec: CompleteSpec, { graph, crew }: Parts): OpenEngine {
  const { name, maxFeedBytes } = spec;
  const { inputs, outputs } = graph;
  let closing: Promise<void> | undefined;

  const run: Engine["run"] = async (feeds, call) => {
    const refusal = closing === undefined ? callIsOver(call, performance.now()) : closed(name);
    if (refusal !== undefined) throw refusal;
    checkFeeds(inputs, feeds, maxFeedBytes);
    const ran = await crew.run(takeFrame(inputs, feeds), call);
    call.ran?.(ran.runMs);
    return readFrame(outputs, ran.outputs);
  };
  const close = () => {
    closing ??= crew.close().finally(() => openEngines.delete(engine));
    return closing;
  };
  const engine: OpenEngine = {
    name,
    inputs,
    outputs,
    sessions: () => crew.sessions(),
    isReady: () => closing === undefined && crew.isAlive(),
    run,
    close,
    [Symbol.asyncDispose]: close,
  };
  return engine;
}

function closed(name: string): ServingError {
  return new ServingError("UNAVAILABLE", `engine "${name}" is closed; try another`);
}
