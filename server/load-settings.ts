import { readMachine } from "../backends/engines/machine.ts";
import { planEngines } from "../backends/engines/plan-engines.ts";
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
    plan(sessionBytes) {
      const plan = planEngines({
        machine,
        provider,
        variantBytes: sessionBytes,
        // The next version is loaded beside those that stay.
        versionsAtOnce: keepVersions + 1,
        ...(memoryBudgetBytes !== "auto" && { budgetBytes: memoryBudgetBytes }),
      });
      if (!plan.fits && memoryBudgetBytes !== "auto") throw overBudget(config, plan.memoryBytes);
      if (!plan.fits) log.warn("memory may not suffice for the next version", { ...plan });
      return {
        workers: workers === "auto" ? plan.workers : workers,
        intraOpThreads: intraOpThreads === "auto" ? plan.intraOpThreads : intraOpThreads,
      };
    },
  };
}

function overBudget({ memoryBudgetBytes, keepVersions }: ServeConfig, bytes: number): ServingError {
  const needed = Math.ceil(bytes * (keepVersions + 1));
  return new ServingError(
    "FAILED_PRECONDITION",
    `memoryBudgetBytes is ${memoryBudgetBytes}; ${keepVersions + 1} versions with one session each take about ${needed}: raise it, lower keepVersions, or serve a smaller variant`,
  );
}
