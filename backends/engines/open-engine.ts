import { isDeepStrictEqual } from "node:util";
import { ServingError } from "../../proto/serving-error.ts";
import type { Engine } from "../engine.ts";
import { checkFeeds } from "./check-feeds.ts";
import { diagnose } from "./diagnose.ts";
import { type CompleteSpec, completeSpec, type EngineSpec } from "./engine-spec.ts";
import { readFrame, takeFrame } from "./frame.ts";
import { createGate, type Gate } from "./gate.ts";
import { type Provider, providers, sessionOptions } from "./provider.ts";
import { callIsOver, createRunQueue } from "./run-queue.ts";
import { createSeat } from "./seat.ts";
import { openSessionThread, type SessionThread } from "./session-thread.ts";

export type OpenEngine = Engine & AsyncDisposable;

/**
 * An engine of ONNX Runtime sessions, each in a thread of its own, loaded and warm. Rejects with an Error that says
 * what is wrong with the graph, or what this machine lacks and how to get it.
 * Close it before the process exits: an exit waits for the runs in flight, but nobody gets their answers.
 */
export async function openEngine(spec: EngineSpec): Promise<OpenEngine> {
  const complete = completeSpec(spec);
  const open = () => openThread(complete);
  return assemble(complete, { threads: await openAll(complete, open), open });
}

function openThread(spec: CompleteSpec): Promise<SessionThread> {
  const { graph, externalData, lowPriorityLoad, warmUp } = spec;
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

const sharedGates = new Map<Provider, Gate>();

/** Sessions that must take turns pass through one gate, whatever engine they belong to. */
function gateOf(provider: Provider): Gate {
  const gate = (provider.exclusive ? sharedGates.get(provider) : undefined) ?? createGate();
  if (provider.exclusive) sharedGates.set(provider, gate);
  return gate;
}

async function openAll(
  spec: CompleteSpec,
  open: () => Promise<SessionThread>,
): Promise<SessionThread[]> {
  const attempts = await Promise.allSettled(Array.from({ length: spec.workers }, open));
  const threads = attempts.flatMap((attempt) =>
    attempt.status === "fulfilled" ? [attempt.value] : [],
  );
  const failed = attempts.find((attempt) => attempt.status === "rejected");
  if (failed === undefined) return threads;
  await Promise.all(threads.map((thread) => thread.stop()));
  const cause: unknown = failed.reason;
  const why = diagnose(spec.provider) ?? (cause instanceof Error ? cause.message : String(cause));
  throw new Error(`engine "${spec.name}" cannot open ${graphName(spec.graph)}: ${why}`, { cause });
}

function graphName(graph: string | Uint8Array): string {
  return typeof graph === "string" ? graph : `a graph of ${graph.byteLength} bytes`;
}

interface Crew {
  readonly threads: readonly SessionThread[];
  readonly open: () => Promise<SessionThread>;
}

function assemble(spec: CompleteSpec, { threads, open }: Crew): OpenEngine {
  const { inputs, outputs } = threads[0]!;
  const active = new Set<Promise<unknown>>();
  let lastLoss: Error | undefined;
  let closing: Promise<void> | undefined;

  const queue = createRunQueue({
    threads: () => seats.flatMap((seat) => seat.thread() ?? []),
    unavailable: () => replacing(spec.name, lastLoss),
    maxWaiting: spec.maxWaiting,
  });
  const reopen = async () => {
    const thread = await open();
    if (isDeepStrictEqual([thread.inputs, thread.outputs], [inputs, outputs])) return thread;
    await thread.stop();
    throw new Error(`${graphName(spec.graph)} has other inputs or outputs than when it was opened`);
  };
  const seats = threads.map((thread) =>
    createSeat(thread, {
      open: reopen,
      opened: () => queue.changed(),
      lost: (why, restartMs) => {
        lastLoss = why;
        queue.changed();
        spec.lost(why, restartMs);
      },
    }),
  );

  const run: Engine["run"] = async (feeds, call) => {
    if (closing !== undefined)
      throw new ServingError("UNAVAILABLE", `engine "${spec.name}" is closed; try another`);
    const over = callIsOver(call);
    if (over !== undefined) throw over;
    checkFeeds(inputs, feeds, spec.maxFeedBytes);
    const sent = queue.send(takeFrame(inputs, feeds), call);
    active.add(sent);
    try {
      return readFrame(outputs, await sent);
    } finally {
      active.delete(sent);
    }
  };
  const stop = async () => {
    await Promise.allSettled(active);
    await Promise.all(seats.map((seat) => seat.close()));
  };
  const close = () => (closing ??= stop());

  return {
    name: spec.name,
    inputs,
    outputs,
    parallel: threads.length,
    isReady: () => closing === undefined && seats.some((seat) => seat.thread() !== undefined),
    run,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function replacing(name: string, cause: Error | undefined): ServingError {
  return new ServingError(
    "UNAVAILABLE",
    `engine "${name}" lost its sessions and is replacing them; try another`,
    { cause },
  );
}
