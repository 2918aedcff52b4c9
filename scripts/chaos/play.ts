import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "./caller.ts";
import type { CallerOrder } from "./caller-process.ts";
import { firstDocument, model } from "./documents.ts";
import type { Applied } from "./applied.ts";
import type { Run } from "./judge.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import { openProcesses, type Processes, type ProcessesOptions } from "./processes.ts";
import type { Scenario } from "./scenarios.ts";
import type { Stage } from "./stage.ts";

export interface PlayOptions extends Omit<ProcessesOptions, "kind" | "store"> {
  readonly caller: Caller;
  readonly userIds: readonly string[];
  readonly perSecond: number;
  readonly forMs: number;
}

const deadlineMs = 250;
const connections = 4;
/** Compilers warm up, and the router learns what its servers hold; not counted. */
const warmUpMs = 3_000;

/** Sets a stage, lets the scenario happen while calls go on, and clears it. */
export async function play(scenario: Scenario, options: PlayOptions): Promise<Run> {
  const { caller, userIds, perSecond, forMs } = options;
  const { servers: kind, store } = scenario;
  await using processes = await openProcesses({ ...options, kind, store });
  const { address } = processes.router;
  const order = { address, model, userIds, perSecond, deadlineMs, connections };
  const applied: Applied[] = [];
  const broken: string[] = [];
  const begin = () => stageOf(options, { processes, applied, broken, startedMs: monotonicMs() });
  await begin().apply(firstDocument());
  await caller.run({ ...order, forMs: warmUpMs });

  const stage = begin();
  const { startedMs } = stage;
  const [calls, wellMs] = await Promise.all([
    caller.run({ ...order, forMs } satisfies CallerOrder),
    happening(scenario, stage),
  ]);
  const { isQuick = false } = scenario;
  return { calls, applied, startedMs, forMs, wellMs, isQuick, broken };
}

/** @returns When all was well again. */
async function happening({ from, happen }: Scenario, stage: Stage): Promise<number> {
  await stage.at(from);
  await happen(stage);
  return monotonicMs();
}

interface Scene {
  readonly processes: Processes;
  readonly applied: Applied[];
  readonly broken: string[];
  readonly startedMs: number;
}

function stageOf({ bundle, forMs }: PlayOptions, scene: Scene): Stage {
  const { processes, applied, broken, startedMs } = scene;
  const { servers, faulty, models, router, store } = processes;
  const changing: Stage["changing"] = async (document, act) => {
    const askedMs = monotonicMs();
    await act();
    applied.push({ document, askedMs, confirmedMs: monotonicMs() });
  };
  return {
    servers,
    faulty,
    models,
    bundle,
    router,
    store,
    startedMs,
    claim: (holds, otherwise) => void (holds || broken.push(otherwise)),
    document: () => applied.at(-1)!.document,
    apply: (document) => changing(document, () => router.apply(document)),
    changing,
    async at(share) {
      const waitMs = startedMs + share * forMs - monotonicMs();
      if (waitMs > 0) await sleep(waitMs);
    },
  };
}
