import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "./caller.ts";
import type { CallerOrder } from "./caller-process.ts";
import { firstDocument, model } from "./documents.ts";
import type { Applied } from "./front-router.ts";
import type { Run } from "./judge.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import { openProcesses, type Processes, type ProcessesOptions } from "./processes.ts";
import type { Scenario } from "./scenarios.ts";
import type { Stage } from "./stage.ts";

export interface PlayOptions extends Omit<ProcessesOptions, "kind"> {
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
  await using processes = await openProcesses({ ...options, kind: scenario.servers });
  const { address } = processes.router;
  const order = { address, model, userIds, perSecond, deadlineMs, connections };
  const applied = [await processes.router.apply(firstDocument())];
  await caller.run({ ...order, forMs: warmUpMs });

  const startedMs = monotonicMs();
  const stage = stageOf(options, { processes, applied, startedMs });
  const [calls, wellMs] = await Promise.all([
    caller.run({ ...order, forMs } satisfies CallerOrder),
    happening(scenario, stage),
  ]);
  return { calls, applied, startedMs, forMs, wellMs, isQuick: scenario.isQuick ?? false };
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
  readonly startedMs: number;
}

function stageOf({ bundle, forMs }: PlayOptions, { processes, applied, startedMs }: Scene): Stage {
  const { servers, faulty, models, router } = processes;
  return {
    servers,
    faulty,
    models,
    bundle,
    document: () => applied.at(-1)!.document,
    async apply(document) {
      const one = await router.apply(document);
      applied.push(one);
      return one;
    },
    async at(share) {
      const waitMs = startedMs + share * forMs - monotonicMs();
      if (waitMs > 0) await sleep(waitMs);
    },
  };
}
