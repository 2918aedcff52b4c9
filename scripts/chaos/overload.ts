import type { Distribution } from "../../router/distribution.ts";
import { type MemorySample, sampleMemory } from "../bench/live/sample-memory.ts";
import type { CallRecord } from "./call-record.ts";
import type { Caller } from "./caller.ts";
import { openFixedServer } from "./fixed-server.ts";
import { openFrontRouter } from "./front-router.ts";

export interface OverloadOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  readonly caller: Caller;
  readonly userIds: readonly string[];
  /** Half of the overload. */
  readonly forMs: number;
}

/** What became of the calls while so many times the capacity was asked for. */
export interface LoadStep {
  readonly times: number;
  readonly forMs: number;
  readonly calls: readonly CallRecord[];
}

export interface Overloaded {
  /** Ever more, to find the most that is answered. */
  readonly steps: readonly LoadStep[];
  readonly overload: LoadStep;
  /** Right after it. */
  readonly relief: LoadStep;
  /** During the overload, of each process. */
  readonly memory: Readonly<Record<"router" | "server", readonly MemorySample[]>>;
}

const model = "toy";
const serviceMs = 5;
const stepTimes = [0.8, 0.9, 1, 1.2];
const stepMs = 5_000;
const overloadTimes = 2;
const reliefTimes = 0.5;
const reliefMs = 10_000;
const memoryEveryMs = 250;
/** In one minute a heap that settles cannot be told from one that grows. */
const longerTimes = 2;

export function overloadTakesMs(forMs: number): number {
  return 10_000 + (stepTimes.length + 1) * stepMs + longerTimes * forMs + reliefMs;
}

/** More calls, through a router, than one model can answer that takes 5 ms for each. */
export async function playOverload(options: OverloadOptions): Promise<Overloaded> {
  const { dir, caller, userIds, forMs } = options;
  await using server = await openFixedServer(model, { serviceMs });
  await using router = await openFrontRouter({ dir, servers: [server.address] });
  await router.apply(onlyVersion());
  const { address } = router;
  const order = { address, model, userIds, deadlineMs: 250, connections: 4 };
  const load = async (times: number, forMs: number): Promise<LoadStep> => {
    const perSecond = (times * 1_000) / serviceMs;
    return { times, forMs, calls: await caller.run({ ...order, perSecond, forMs }) };
  };

  await load(1, stepMs);
  const steps: LoadStep[] = [];
  for (const times of stepTimes) steps.push(await load(times, stepMs));
  const sampling = {
    router: sampleMemory(router.pid, memoryEveryMs),
    server: sampleMemory(server.pid, memoryEveryMs),
  };
  const overload = await load(overloadTimes, longerTimes * forMs);
  for (const one of Object.values(sampling)) one.stop();
  const relief = await load(reliefTimes, reliefMs);
  const memory = { router: sampling.router.samples, server: sampling.server.samples };
  return { steps, overload, relief, memory };
}

function onlyVersion(): Distribution {
  const arms = [{ name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] }] as const;
  return { format: 1, model, revision: 1, salt: "chaos", arms };
}
