import { readMachine } from "../backends/engines/machine.ts";
import {
  planEngines,
  type EnginePlan,
  type PlanRequest,
} from "../backends/engines/plan-engines.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { ServeConfig } from "./config/serve-schema.ts";
import type { LoadSettings } from "./load-model.ts";
import type { Log } from "./log/log.ts";

/** What a server's configuration says about loading; what is left to "auto" follows from the machine. */
export function loadSettings(config: ServeConfig, log: Log): LoadSettings {
  const { provider, workers, intraOpThreads, memoryBudgetBytes, keepVersions } = config;
  const machine = readMachine();
  return {
    ...config,
    limits: config,
    plan(sessionBytes, versionsLoaded) {
      const request: PlanRequest = {
        machine,
        provider,
        variantBytes: sessionBytes,
        // The next version is loaded beside those that stay.
        versionsAtOnce: keepVersions + 1,
        ...(memoryBudgetBytes !== "auto" && { budgetBytes: memoryBudgetBytes }),
      };
      const plan = planEngines(request);
      if (versionsLoaded > keepVersions) assertRoom(request, { plan, versionsLoaded });
      if (!plan.fits && memoryBudgetBytes !== "auto") throw overBudget(config, plan.memoryBytes);
      if (!plan.fits) log.warn("memory may not suffice for the next version", { ...plan });
      return {
        workers: workers === "auto" ? plan.workers : workers,
        intraOpThreads: intraOpThreads === "auto" ? plan.intraOpThreads : intraOpThreads,
      };
    },
  };
}

interface Crowd {
  readonly plan: EnginePlan;
  readonly versionsLoaded: number;
}

/** More versions are in use than memory was planned for: what they have is theirs. */
function assertRoom(request: PlanRequest, { plan, versionsLoaded }: Crowd): void {
  const takenBytes = versionsLoaded * plan.memoryBytes;
  if (planEngines({ ...request, versionsAtOnce: 1, takenBytes }).fits) return;
  throw new ServingError(
    "RESOURCE_EXHAUSTED",
    `memory is short: ${versionsLoaded} versions of the model are loaded, with about ${Math.ceil(takenBytes)} bytes, and one more is loaded when one of them goes; take the arms of a rollout off old versions, raise memoryBudgetBytes, or serve a smaller variant`,
  );
}

function overBudget({ memoryBudgetBytes, keepVersions }: ServeConfig, bytes: number): ServingError {
  const needed = Math.ceil(bytes * (keepVersions + 1));
  return new ServingError(
    "FAILED_PRECONDITION",
    `memoryBudgetBytes is ${memoryBudgetBytes}; ${keepVersions + 1} versions with one session each take about ${needed}: raise it, lower keepVersions, or serve a smaller variant`,
  );
}
